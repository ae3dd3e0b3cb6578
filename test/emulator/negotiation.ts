import type { MiddlewareHandler } from 'hono';
import { answer } from './answers.ts';
import type { Env } from './env.ts';

/**
 * What ASP.NET Core makes of a text for a client that accepts JSON and no text: a JSON string. Any type, and no type
 * that it has, get the text as it is.
 * @see https://learn.microsoft.com/aspnet/core/web-api/advanced/formatting#content-negotiation
 */
export function negotiation(): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    if (c.res.status !== 400 || !c.res.headers.get('content-type')?.startsWith('text/plain')) return;
    const accepted = (c.req.header('accept') ?? '*/*')
      .split(',')
      .map((range) => range.split(';', 1)[0]?.trim());
    const first = accepted.find((range) => range === 'text/plain' || isJson(range));
    if (accepted.includes('*/*') || !isJson(first)) return;
    const text = JSON.stringify(await c.res.text());
    c.res = undefined;
    c.res = answer(400, `${first}; charset=utf-8`, text);
  };
}

function isJson(range: string | undefined): range is string {
  return range !== undefined && /^(application|text)\/([\w.-]+\+)?json$/.test(range);
}
