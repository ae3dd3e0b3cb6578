import { Hono } from 'hono';
import { adminEndpoints } from './adminEndpoints.ts';
import { problem } from './answers.ts';
import { authorizeEndpoint } from './authorizeEndpoint.ts';
import type { Env } from './env.ts';
import { negotiation } from './negotiation.ts';
import { platformHeaders } from './platform.ts';
import { requestLog } from './requestLog.ts';
import { resourceEndpoints } from './resourceEndpoints.ts';
import type { EmulatorState } from './state.ts';
import { tokenEndpoint } from './tokenEndpoint.ts';

const methods = {
  '/api/oauth2': 'GET',
  '/api/oauth2/Token': 'POST',
  '/api/Users/ListUsers': 'GET',
  '/api/ListUsers': 'GET',
  '/api/GetConversations': 'GET',
  '/api/Chat/GetConversations': 'GET',
};

/** The whole emulator, without a socket. */
export function createApp(state: EmulatorState): Hono<Env> {
  const app = new Hono<Env>();
  app.use(platformHeaders(state));
  app.use(requestLog(state));
  app.use(negotiation());
  app.route('/', authorizeEndpoint(state));
  app.route('/', tokenEndpoint(state));
  app.route('/', resourceEndpoints(state));
  app.route('/_admin', adminEndpoints(state));
  for (const [path, allow] of Object.entries(methods)) {
    app.all(path, (c) => c.body(null, 405, { allow }));
  }
  app.notFound((c) => c.body(null, 404));
  app.onError((error, c) => {
    // A client that gives up in the middle of its body is nobody's mistake here.
    if (c.env.incoming.errored === null) console.error(error);
    return problem(500);
  });
  return app;
}
