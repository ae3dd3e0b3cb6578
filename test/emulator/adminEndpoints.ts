import { Hono } from 'hono';
import * as z from 'zod/mini';
import { answer } from './answers.ts';
import type { EmulatorContext, Env } from './env.ts';
import { endpoints, faultSchema } from './faultSchema.ts';
import { patchBehaviour } from './options.ts';
import type { EmulatorState } from './state.ts';

const networkSchema = z.strictObject({
  offline: z._default(z.boolean(), false),
  delayMs: z._default(z.number().check(z.nonnegative()), 0),
});
const objectSchema = z.record(z.string(), z.unknown());

/** The remote control under `/_admin`; no deployment has it. */
export function adminEndpoints(state: EmulatorState): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/requests', (c) => c.json(state.log));
  app.delete('/requests', (c) => {
    state.log = [];
    return c.json({});
  });

  app.get('/options', (c) => c.json(state.options));
  app.patch('/options', async (c) => {
    state.options = patchBehaviour(state.options, objectSchema.parse(await readJson(c)));
    return c.json(state.options);
  });

  app.post('/faults', async (c) => {
    state.inject(faultSchema.parse(await readJson(c)));
    return c.json({});
  });
  // What a network does: to everything, until it is told otherwise.
  app.put('/network', async (c) => {
    const { offline, delayMs } = networkSchema.parse(await readJson(c));
    state.clearFaults();
    for (const endpoint of endpoints) {
      if (offline) state.inject(faultSchema.parse({ endpoint, kind: 'drop', times: 0, processed: false }));
      else if (delayMs > 0) state.inject(faultSchema.parse({ endpoint, kind: 'delay', times: 0, delayMs }));
    }
    return c.json({});
  });
  app.post('/revoke', (c) => c.json({ revoked: state.tokens.revoke() }));
  app.post('/reset', (c) => {
    state.reset();
    return c.json({});
  });

  app.onError((error) => {
    if (!(error instanceof z.core.$ZodError)) throw error;
    return answer(400, 'text/plain; charset=utf-8', z.prettifyError(error));
  });
  return app;
}

async function readJson(c: EmulatorContext): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch {
    return undefined;
  }
}
