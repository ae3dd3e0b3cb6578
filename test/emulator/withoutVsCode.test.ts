import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../harness/paths.ts';
import { endOf } from '../unit/support/terminal.ts';
import { pythonRequests } from './programs.ts';
import { primaryClient } from './seed.ts';
import { callback, emulate } from './support.ts';

describe('the program for machines without VS Code', function () {
  this.timeout(60_000);
  const airisk = emulate();
  const requests = pythonRequests();
  let program = '';

  before(async () => {
    const guide = await readFile(join(projectFolder, 'INTEGRATION.md'), 'utf8');
    program = /^```python\n([^]*?)^```$/m.exec(guide)?.[1] ?? '';
  });

  /** Runs it with what a CI service keeps. */
  const run = (values: Readonly<Record<string, string>> = {}) => {
    const all = {
      BASE_URL: airisk.origin,
      CLIENT_ID: primaryClient.client_id,
      CLIENT_SECRET: primaryClient.client_secret,
      REDIRECT_URI: callback,
      ...values,
    };
    const named = Object.entries(all).map(([name, value]) => [`AIRISK_${name}`, value]);
    const environment = {
      ...process.env,
      NO_PROXY: '*',
      PYTHONPATH: requests(),
      ...Object.fromEntries(named),
    };
    return endOf('python3', ['-c', program], environment);
  };
  const works = async (token: string, path: string): Promise<boolean> =>
    (await fetch(airisk.origin + path, { headers: { authorization: `Bearer ${token}` } })).ok;

  it('prints a token of a user, and the generic one', async () => {
    const user = await run({ USERID: 'user_42' });
    assert.ok(await works(user.stdout.trim(), '/api/GetConversations'), user.stderr);
    const generic = await run();
    assert.ok(await works(generic.stdout.trim(), '/api/Users/ListUsers'), generic.stderr);
  });

  const refusals: [what: string, values: Record<string, string>][] = [
    ['a wrong client secret', { CLIENT_SECRET: 'wrong-secret-value' }],
    ['an unknown user', { USERID: 'nobody' }],
    ['another redirect URI', { REDIRECT_URI: 'https://localhost/other' }],
  ];
  for (const [what, values] of refusals) {
    it(`ends with one line for ${what}, without the secret`, async () => {
      const { code, stdout, stderr } = await run(values);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /^AIRisk (returned no code|refused the token request) \(HTTP 4\d\d\)\n$/);
    });
  }

  it('takes no code that came without its state', async () => {
    await airisk.admin.inject({ endpoint: 'authorize', kind: 'wrongState' });
    const { code, stdout } = await run();
    assert.deepEqual([code, stdout], [1, '']);
  });
});
