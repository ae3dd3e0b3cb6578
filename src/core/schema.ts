import * as z from 'zod/mini';

/** A schema that takes `fallback` for what is missing or does not fit. `z.catch` does it too, for 11 KB more. */
export function lenient<T>(schema: z.ZodMiniType<T>, fallback: T) {
  return z.pipe(
    z.optional(z.unknown()),
    z.transform((value): T => schema.safeParse(value).data ?? fallback),
  );
}

/** The JSON `text` as `schema` says, or `undefined` when it is not JSON or not of that shape. */
export function parseJson<T>(schema: z.ZodMiniType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
