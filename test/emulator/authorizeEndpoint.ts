import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { invalid, page, problem, redirect } from './answers.ts';
import {
  errorLocation,
  isRegistered,
  normalized,
  successLocation,
  type Authorization,
} from './authorization.ts';
import type { EmulatorContext, Env } from './env.ts';
import { showFault } from './faults.ts';
import { loginPage, noRedirectPage } from './pages.ts';
import type { EmulatorState } from './state.ts';

/** `GET /api/oauth2`, and the target of its login page. */
export function authorizeEndpoint(state: EmulatorState): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/api/oauth2', showFault(state, 'authorize'), (c) => {
    const request = readRequest(c, state);
    if (request instanceof Response) return request;
    if (state.options.mode === 'immediate') return complete(state, request);
    const ticket = randomUUID();
    state.loginPages.set(ticket, request);
    return page(200, loginPage(ticket, request));
  });

  app.post('/login', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const ticket = form.get('ticket') ?? '';
    const request = state.loginPages.get(ticket);
    if (!request) return problem(400, 'This login page was used before, or is not known.');
    state.loginPages.delete(ticket);
    if (form.get('decision') === 'allow') return complete(state, request);
    const denial = { code: 'access_denied', description: 'The user denied the request.' };
    return redirect(302, errorLocation(request, denial));
  });

  return app;
}

function readRequest(c: EmulatorContext, state: EmulatorState): Authorization | Response {
  // RFC 6749 §3.1: a parameter sent without a value counts as omitted.
  const parameter = (name: string): string | undefined => c.req.query(name) || undefined;
  const clientId = parameter('client_id');
  if (clientId === undefined) return invalid('client_id');
  const redirectUri = parameter('redirect_uri');
  if (redirectUri === undefined) return invalid('redirect_uri');

  const client = state.options.clients.find((candidate) => candidate.client_id === clientId);
  if (!client) return problem(401);
  if (!isRegistered(redirectUri, client.redirect_uri, state.options.redirectMatch)) {
    return problem(400, 'The redirect_uri is not registered for this client.');
  }
  const userid = parameter('userid');
  if (userid !== undefined && !state.options.users.some((user) => user.id === userid)) {
    return problem(400, 'There is no user with this userid.');
  }
  const comparesUris = state.options.redirectMatch === 'normalized';
  return {
    clientId,
    redirectUri: comparesUris ? normalized(redirectUri) : redirectUri,
    state: parameter('state'),
    userid,
    fault: c.get('fault'),
  };
}

function complete(state: EmulatorState, request: Authorization): Response {
  const { fault } = request;
  if (fault?.kind === 'noRedirect') return page(200, noRedirectPage);
  if (fault?.kind === 'errorRedirect') {
    const error = { code: fault.error, description: fault.errorDescription, uri: fault.errorUri };
    return redirect(302, errorLocation(request, error));
  }
  const issueCode = (): string => {
    const expiresAt = state.now() + state.options.codeLifetimeSeconds * 1000;
    return state.codes.issue(request, expiresAt);
  };
  return redirect(302, successLocation(request, issueCode));
}
