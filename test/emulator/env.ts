import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Fault } from './faultSchema.ts';

/** What Hono carries with each request: Node's own objects, and the fault that the request must show. */
export interface Env {
  Bindings: HttpBindings;
  Variables: { fault: Fault | undefined };
}

/** The context of one request to the emulator. */
export type EmulatorContext = Context<Env>;
