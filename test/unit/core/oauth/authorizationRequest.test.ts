import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  type AuthorizationRequest,
  authorizationRequestUrl,
} from '../../../../src/core/oauth/authorizationRequest.ts';
import { callback, deploymentAt } from '../../support/airisk.ts';
import { serverValue, unicodeText } from '../../support/arbitraries.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

describe('authorizationRequestUrl', () => {
  const documented: AuthorizationRequest = {
    deployment: deploymentAt('https://api.AIRisk.example.com'),
    redirectUri: callback,
    state: 'xyz',
    userid: 'user_42',
  };

  it('writes the documented request, and the recommended state', () => {
    assert.equal(
      authorizationRequestUrl(documented),
      'https://api.AIRisk.example.com/api/oauth2?client_id=abc123&redirect_uri=https%3A%2F%2Flocalhost%2Fcallback&userid=user_42&state=xyz',
    );
  });

  it('leaves out the userid for a generic token', () => {
    assert.equal(
      authorizationRequestUrl({ ...documented, userid: '' }),
      'https://api.AIRisk.example.com/api/oauth2?client_id=abc123&redirect_uri=https%3A%2F%2Flocalhost%2Fcallback&state=xyz',
    );
  });

  const escapes: Record<string, string> = {
    ':': '%3A',
    '/': '%2F',
    '?': '%3F',
    '#': '%23',
    '[': '%5B',
    ']': '%5D',
    '@': '%40',
    $: '%24',
    '&': '%26',
    '+': '%2B',
    ',': '%2C',
    ';': '%3B',
    '=': '%3D',
    '%': '%25',
    ' ': '%20',
    '"': '%22',
    '<': '%3C',
    '>': '%3E',
    '\\': '%5C',
    '\n': '%0A',
    ü: '%C3%BC',
    '😀': '%F0%9F%98%80',
  };
  for (const [character, escape] of Object.entries(escapes)) {
    it(`escapes ${JSON.stringify(character)} in every parameter`, () => {
      const deployment = { ...documented.deployment, clientId: `c${character}` };
      const text = `v${character}w`;
      const url = authorizationRequestUrl({ deployment, redirectUri: text, userid: text, state: text });
      const value = `v${escape}w`;
      assert.equal(
        url.slice(url.indexOf('?')),
        `?client_id=c${escape}&redirect_uri=${value}&userid=${value}&state=${value}`,
      );
    });
  }

  itHolds(
    'gives every value back to whoever parses the query, with or without the rule that + is a space',
    () => {
      const value = fc.oneof(serverValue, unicodeText);
      fc.assert(
        fc.property(
          value,
          value,
          value,
          fc.oneof(value, fc.constant('')),
          (id, redirectUri, state, userid) => {
            const deployment = { ...documented.deployment, clientId: id };
            const url = authorizationRequestUrl({ deployment, redirectUri, state, userid });
            const sent = [
              ['client_id', id],
              ['redirect_uri', redirectUri],
              ...(userid === '' ? [] : [['userid', userid]]),
              ['state', state],
            ];
            assert.deepEqual([...new URL(url).searchParams], sent);
            const [, query = ''] = url.split('?');
            const parsed = query.split('&').map((pair) => pair.split('=').map(decodeURIComponent));
            assert.deepEqual(parsed, sent);
          },
        ),
        runs(5_000),
      );
    },
  );
});
