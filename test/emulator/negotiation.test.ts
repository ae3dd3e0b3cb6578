import assert from 'node:assert/strict';
import { emulate } from './support.ts';

describe('the form of a refusal', () => {
  const airisk = emulate();
  const forms: [accept: string, contentType: string, body: string][] = [
    ['*/*', 'text/plain; charset=utf-8', 'Invalid client_id'],
    ['application/json, */*;q=0.1', 'text/plain; charset=utf-8', 'Invalid client_id'],
    ['text/plain', 'text/plain; charset=utf-8', 'Invalid client_id'],
    ['text/plain, application/json', 'text/plain; charset=utf-8', 'Invalid client_id'],
    ['image/png', 'text/plain; charset=utf-8', 'Invalid client_id'],
    ['application/json', 'application/json; charset=utf-8', '"Invalid client_id"'],
    ['text/html, text/json;q=0.9', 'text/json; charset=utf-8', '"Invalid client_id"'],
  ];
  for (const [accept, contentType, body] of forms) {
    it(`is ${contentType} for ${accept}`, async () => {
      for (const [path, method] of [
        ['/api/oauth2', 'GET'],
        ['/api/oauth2/Token', 'POST'],
      ]) {
        const answer = await fetch(`${airisk.origin}${path}`, { method: method ?? '', headers: { accept } });
        assert.deepEqual(
          [answer.status, answer.headers.get('content-type'), await answer.text()],
          [400, contentType, body],
        );
      }
    });
  }
});
