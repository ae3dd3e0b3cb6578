import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  authorizationCode,
  type AuthorizationResponse,
  lacksState,
  readAuthorizationResponse,
} from '../../../../src/core/oauth/authorizationResponse.ts';
import { hostileText } from '../../support/arbitraries.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

const nothing: AuthorizationResponse = {
  state: undefined,
  code: undefined,
  error: undefined,
  errorDescription: undefined,
};

describe('readAuthorizationResponse', () => {
  interface Case {
    readonly what: string;
    readonly query: string;
    readonly decoded?: boolean;
    readonly read: Partial<AuthorizationResponse> | undefined;
  }
  const long = 'x'.repeat(4_096);
  const ours = 'k5cFfE1Jq3mT8vY0aZ2bX4dW6uS9rP7oN1lM3hG5jI0';
  const cases: readonly Case[] = [
    { what: 'the documented redirect', query: 'code=SplxlOBeZQ', read: { code: 'SplxlOBeZQ' } },
    { what: 'a state', query: 'code=a&state=b', read: { code: 'a', state: 'b' } },
    { what: 'any order', query: 'state=b&code=a', read: { code: 'a', state: 'b' } },
    { what: 'an escaped plus', query: 'code=a%2Bb', read: { code: 'a+b' } },
    { what: 'a bare plus', query: 'code=a+b', read: { code: 'a+b' } },
    { what: 'several pluses', query: 'code=+a++b+', read: { code: '+a++b+' } },
    { what: 'an escaped space', query: 'code=a%20b', read: { code: 'a b' } },
    { what: 'an escaped percent sign', query: 'code=a%252Bb', read: { code: 'a%2Bb' } },
    {
      what: 'padding, escaped or not',
      query: 'code=YQ==&state=YQ%3D%3D',
      read: { code: 'YQ==', state: 'YQ==' },
    },
    { what: 'an escaped ampersand', query: 'code=a%26state%3Db', read: { code: 'a&state=b' } },
    { what: 'escaped Unicode', query: 'code=%C3%BC%F0%9F%98%80', read: { code: 'ü😀' } },
    { what: 'a broken escape', query: 'code=100%&state=%zz', read: { code: '100%', state: '%zz' } },
    { what: 'bytes that are no UTF-8', query: 'code=a%ffb', read: { code: 'a\ufffdb' } },
    {
      what: 'an error',
      query: 'error=access_denied&error_description=No%20way&error_uri=https%3A%2F%2Fa&state=s',
      read: { error: 'access_denied', errorDescription: 'No way', state: 's' },
    },
    // What VS Code on the desktop has decoded: an & in the words is one that parts parameters.
    ...[
      `error=e&error_description=a&state=q&state=${ours}`,
      `error=e&state=${ours}&error_description=a&state=q`,
      `state=${ours}&error=e&error_description=a&state=q&iss=https://a.example`,
      `error=e&error_description=a&state=q&error_uri=https://a.example/?x=1&state=r&state=${ours}&iss=s`,
      `error=e&error_uri=https://a.example/?state=r&error_description=a&state=q&state=${ours}`,
    ].map((query): Case => ({
      what: `words with a state in them: ${query.replaceAll(ours, '…')}`,
      query,
      decoded: true,
      read: { error: 'e', errorDescription: 'a&state=q', state: ours },
    })),
    {
      what: 'words with everything in them',
      query: `error=e&error_description=a&code=b&error=c&state=d&x&state=${ours}`,
      decoded: true,
      read: { error: 'e', errorDescription: 'a&code=b&error=c&state=d&x', state: ours },
    },
    {
      what: 'no state that is doubled outside of the words',
      query: `error=e&state=q&error_description=a&state=${ours}`,
      decoded: true,
      read: undefined,
    },
    {
      what: 'a state of somebody else behind the words',
      query: 'error=e&error_description=a&state=q',
      decoded: true,
      read: { error: 'e', errorDescription: 'a', state: 'q' },
    },
    {
      what: 'no state that is doubled in a query that nobody has decoded',
      query: `error=e&error_description=a&state=q&state=${ours}`,
      read: undefined,
    },
    { what: 'no parameters', query: '', read: {} },
    {
      what: 'foreign parameters',
      query: 'code=a&iss=b&iss=c&session_state=&Code=d&code[]=e',
      read: { code: 'a' },
    },
    { what: 'a foreign parameter of any length', query: `code=a&iss=${long}${long}`, read: { code: 'a' } },
    { what: 'the longest value', query: `code=${long}`, read: { code: long } },
    ...['state', 'code', 'error'].flatMap((name) => [
      { what: `no ${name} that is doubled`, query: `${name}=a&${name}=b`, read: undefined },
      { what: `no ${name} that is doubled alike`, query: `${name}=a&x=y&${name}=a`, read: undefined },
      { what: `no ${name} that is too long`, query: `${name}=${long}x`, read: undefined },
    ]),
    { what: 'no code that is empty', query: 'code=', read: undefined },
    { what: 'no code without a value', query: 'x=y&code', read: undefined },
    {
      what: 'an error beside an empty code',
      query: 'error=x&code=&state=s',
      read: { error: 'x', state: 's' },
    },
    { what: 'no empty code beside an empty error', query: 'error=&code=', read: undefined },
    ...['error=&code=', 'code=', 'code=a&code=b', `code=${long}x`, 'error=a&error=b&code=c'].map(
      (broken) => ({
        what: `the state alone beside ${broken.slice(0, 40)}`,
        query: `${broken}&state=s`,
        read: { state: 's' },
      }),
    ),
    { what: 'no empty state beside two codes', query: 'code=a&code=b&state=', read: undefined },
    { what: 'no two states beside two codes', query: 'code=a&code=b&state=s&state=s', read: undefined },
    { what: 'an empty state', query: 'code=a&state=', read: { code: 'a', state: '' } },
    { what: 'a state without a value', query: 'state&error=x', read: { error: 'x', state: '' } },
    { what: 'an empty error as none', query: 'code=a&error=&state=s', read: { code: 'a', state: 's' } },
    { what: 'an error without a value as none', query: 'error&code=a', read: { code: 'a' } },
    ...['', 'error_description', 'error_description=', `error_description=${long}x`]
      .concat(['error_description=a&error_description=b', 'error_uri=&error_uri=', 'iss'])
      .map((words) => ({
        what: `an error beside ${words.slice(0, 40) || 'nothing'}`,
        query: `error=access_denied&${words}&state=s`,
        read: { error: 'access_denied', state: 's' },
      })),
    { what: 'no name that is doubled by an escape', query: 'code=a&%63ode=b', read: undefined },

    { what: 'a plus, decoded before', query: 'code=a+b', decoded: true, read: { code: 'a+b' } },
    { what: 'what looks like an escape', query: 'code=a%2Bb', decoded: true, read: { code: 'a%2Bb' } },
    { what: 'a space, decoded before', query: 'code=a b', decoded: true, read: { code: 'a b' } },
    {
      what: 'a single percent sign',
      query: 'code=100%&state=s',
      decoded: true,
      read: { code: '100%', state: 's' },
    },
    { what: 'a padded value', query: 'code=YQ==&state=s', decoded: true, read: { code: 'YQ==', state: 's' } },
    { what: 'decoded Unicode', query: 'code=ü😀', decoded: true, read: { code: 'ü😀' } },
    { what: 'no escaped name', query: 'code=a&%63ode=b', decoded: true, read: { code: 'a' } },
    { what: 'no code that is doubled', query: 'code=a&code=b', decoded: true, read: undefined },
    { what: 'no code that is empty', query: 'code=&state=s', decoded: true, read: { state: 's' } },
  ];

  for (const { what, query, decoded, read } of cases) {
    it(`reads ${what}${decoded ? ' (decoded query)' : ''}`, () => {
      assert.deepEqual(readAuthorizationResponse(query, decoded), read && { ...nothing, ...read });
    });
  }
});

describe('lacksState', () => {
  const lacks = (query: string) => lacksState(readAuthorizationResponse(query) ?? assert.fail(query));

  it('is true of a response whose state is missing or has no value (RFC 6749 §3.1)', () => {
    for (const query of ['code=c', 'code=c&state=', 'state&code=c', 'error=x', 'error=x&state='])
      assert.equal(lacks(query), true, query);
  });

  it('is false of one with any other state, and of what is no response', () => {
    for (const query of ['code=c&state=s', 'code=c&state=%20', 'state=', 'error=&state=', 'x=y'])
      assert.equal(lacks(query), false, query);
  });
});

describe('authorizationCode', () => {
  const codeOf = (response: Partial<AuthorizationResponse>) => authorizationCode({ ...nothing, ...response });

  it('is the code of a response without error', () => {
    assert.equal(codeOf({ code: 'a+b/c==', state: 's' }), 'a+b/c==');
    assert.equal(codeOf({ code: 'a', errorDescription: 'beside the point' }), 'a');
  });

  const failures: [what: string, response: Partial<AuthorizationResponse>, error: object][] = [
    ['a refusal', { error: 'access_denied' }, { code: 'authorization_refused', reason: 'access_denied' }],
    [
      'a refusal with words',
      { error: 'access_denied', errorDescription: 'Ask your administrator' },
      { code: 'authorization_refused', reason: 'Ask your administrator' },
    ],
    [
      'another error',
      { error: 'server_error' },
      { code: 'authorization_error', reason: 'server_error', oauthError: 'server_error' },
    ],
    ['a refusal in other letters', { error: 'Access_Denied' }, { code: 'authorization_error' }],
    [
      'words that were sent as a form',
      { error: 'invalid_request', errorDescription: 'no+such+user' },
      { code: 'authorization_error', reason: 'no such user' },
    ],
    [
      'words that would be a link',
      { error: 'x', errorDescription: '[Sign in](command:evil)\u202e\n' },
      { code: 'authorization_error', reason: '[Sign in] (command:evil)' },
    ],
    [
      'an error that would be a link',
      { error: '[a](b)' },
      { code: 'authorization_error', reason: '[a] (b)' },
    ],
    [
      'words that quote the state',
      { error: 'x', errorDescription: 'No s-1', state: 's-1' },
      { reason: 'No •••' },
    ],
    ['words of nothing but controls', { error: 'x', errorDescription: '\n\u200b' }, { reason: 'x' }],
    ['code and error', { code: 'a', error: 'access_denied' }, { code: 'authorization_response_invalid' }],
    ['neither code nor error', { state: 's' }, { code: 'authorization_response_invalid' }],
  ];
  for (const [what, response, error] of failures) {
    it(`refuses ${what}`, () => assert.throws(() => codeOf(response), { name: 'AiriskError', ...error }));
  }

  itHolds('shows no more than plain text, whatever the error says', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (error, errorDescription) => {
        assert.throws(
          () => codeOf({ error, errorDescription }),
          (thrown: Error) =>
            !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\]\(/u.test(thrown.message) && thrown.message.length < 300,
        );
      }),
      runs(3_000),
    );
  });
});
