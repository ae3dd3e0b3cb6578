import assert from 'node:assert/strict';
import { assertProblem, authorize, emulate, locationOf, requestToken } from './support.ts';

describe('login mode', () => {
  const airisk = emulate({ mode: 'login' });

  async function openPage(
    parameters: Record<string, string> = {},
  ): Promise<{ html: string; ticket: string }> {
    const answer = await authorize(airisk.origin, parameters);
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
    const html = await answer.text();
    return { html, ticket: /name="ticket" value="([^"]+)"/.exec(html)?.[1] ?? '' };
  }

  function decide(ticket: string, decision: 'allow' | 'deny'): Promise<Response> {
    const body = new URLSearchParams({ ticket, decision });
    return fetch(`${airisk.origin}/login`, { method: 'POST', body, redirect: 'manual' });
  }

  it('shows a page with a plain form and two buttons', async () => {
    const { html } = await openPage({ userid: 'user_42' });
    assert.match(html, /<form method="post" action="\/login">/);
    assert.match(html, /<button type="submit" name="decision" value="allow">Allow<\/button>/);
    assert.match(html, /<button type="submit" name="decision" value="deny">Deny<\/button>/);
    assert.match(html, /<b>user_42<\/b>/);
  });

  it('escapes what it shows', async () => {
    assert.match((await openPage({ userid: 'a b+c&d=e' })).html, /<b>a b\+c&amp;d=e<\/b>/);
  });

  it('redirects with a code after Allow', async () => {
    const { ticket } = await openPage({ userid: 'user_42', state: 'a b' });
    const location = locationOf(await decide(ticket, 'allow'));
    assert.equal(location.searchParams.get('state'), 'a b');
    const code = location.searchParams.get('code') ?? '';
    assert.equal((await requestToken(airisk.origin, { code, userid: 'user_42' })).status, 200);
  });

  it('redirects with an error after Deny', async () => {
    const { ticket } = await openPage({ state: 'xyz' });
    const { searchParams } = locationOf(await decide(ticket, 'deny'));
    assert.deepEqual(
      [...searchParams],
      [
        ['error', 'access_denied'],
        ['error_description', 'The user denied the request.'],
        ['state', 'xyz'],
      ],
    );
  });

  it('takes each page once', async () => {
    const { ticket } = await openPage();
    await decide(ticket, 'allow');
    await assertProblem(await decide(ticket, 'allow'), 400);
  });

  it('refuses an invalid request before it shows a page', async () => {
    await assertProblem(await authorize(airisk.origin, { client_id: 'nobody' }), 401);
  });

  it('shows an injected redirect fault after Allow', async () => {
    await airisk.admin.inject({ endpoint: 'authorize', kind: 'wrongState' });
    const { ticket } = await openPage({ state: 'xyz' });
    assert.notEqual(locationOf(await decide(ticket, 'allow')).searchParams.get('state'), 'xyz');
  });

  it('is what a reset returns to', async () => {
    await airisk.admin.setOptions({ mode: 'immediate' });
    locationOf(await authorize(airisk.origin));
    await airisk.admin.reset();
    await openPage();
  });
});
