import * as z from 'zod/mini';

/** Makes a thing at its first use: schemas take longer to build than all the rest of the extension to load. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/**
 * Narrows a schema to the values that a function accepts. A plain function is the one check that adds nothing to
 * the bundle: each of zod's own brings 300 to 1,000 bytes with it, and so do its schemas of texts and numbers.
 */
export function where<T, Narrowed extends T>(
  schema: z.ZodMiniType<T>,
  accepts: (value: T) => value is Narrowed,
): z.ZodMiniType<Narrowed>;
export function where<T>(schema: z.ZodMiniType<T>, accepts: (value: T) => boolean): z.ZodMiniType<T>;
export function where<T>(schema: z.ZodMiniType<T>, accepts: (value: T) => boolean): z.ZodMiniType<T> {
  return schema.check(({ value, issues }) => {
    if (!accepts(value)) issues.push({ code: 'custom', input: value });
  });
}

/** Any text. */
export const string = lazily(() => where(z.unknown(), (value): value is string => typeof value === 'string'));

/** A number, and neither `NaN` nor infinite. */
export const number = lazily(() => where(z.unknown(), (value): value is number => Number.isFinite(value)));

/** An object with any properties, and no array: the parts of it are still unknown. */
export const Properties = lazily(() =>
  where(
    z.unknown(),
    (value): value is Readonly<Record<string, unknown>> =>
      typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
);

/** A schema that takes `fallback` for what is missing or does not fit. `z.catch` does it too, for 11 KB more. */
export function lenient<T>(schema: z.ZodMiniType<T>, fallback: T) {
  return z.pipe(
    z.optional(z.unknown()),
    z.transform((value): T => schema.safeParse(value).data ?? fallback),
  );
}

/** The JSON `text` as `schema` says, or `undefined` when it is not JSON or not of that shape. */
export function parseJson<T>(
  schema: z.ZodMiniType<T> | (() => z.ZodMiniType<T>),
  text: string,
): T | undefined {
  try {
    return (typeof schema === 'function' ? schema() : schema).safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
