import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isUserid } from '../../../../src/core/oauth/userid.ts';
import { accountLabel, isLabelOf } from '../../../../src/core/sessions/accountLabel.ts';
import { hexDigest } from '../../../../src/node/seal.ts';
import { type Deployment, deploymentOf } from '../../../../src/core/oauth/deployment.ts';
import { hostileText, unicodeText } from '../../support/arbitraries.ts';
import { runs } from '../../support/propertyRuns.ts';

const demo = 'https://demo.aicrisk.com';
const guid = '0f8e5d7c-9b1a-4c3d-8e2f-111122223333';

function at(origin: string, clientId: string): Deployment {
  return deploymentOf(origin, clientId, hexDigest);
}

describe('accountLabel', () => {
  const key = at(demo, guid).key.slice(0, 12);
  const labels: [userid: string, name: string, origin: string, clientId: string, label: string][] = [
    ['', '', demo, 'abc123', 'abc123 @ demo.aicrisk.com'],
    ['', 'Application', demo, guid, `Application · #${key} @ demo.aicrisk.com`],
    ['user_1', '', demo, 'abc123', 'user_1 (abc123 @ demo.aicrisk.com)'],
    ['user_1', '', 'http://[::1]:8080', 'abc123', 'user_1 (abc123 @ http://[::1]:8080)'],
    ['user_1', '', `${demo}:8443`, 'a b', 'user_1 (a%20b @ demo.aicrisk.com:8443)'],
    ['user_1', 'Ada', demo, 'a(b)', 'Ada (user_1, a%28b%29 @ demo.aicrisk.com)'],
    [guid, 'Ada Lovelace', demo, guid, `Ada Lovelace (${guid}, #${key} @ demo.aicrisk.com)`],
    ['u', 'עדה', demo, 'c', '\u2068עדה\u2069 (u, c @ demo.aicrisk.com)'],
    ['u', 'A'.repeat(200), demo, 'c', `${'A'.repeat(59)}… (u, c @ demo.aicrisk.com)`],
  ];
  for (const [id, name, origin, clientId, label] of labels) {
    it(`is ${label}`, () => assert.equal(accountLabel(at(origin, clientId), id, name), label));
  }

  const part = fc.constantFrom(
    'a',
    ' ',
    ' (',
    ') ',
    ', ',
    ' @ ',
    ' · ',
    '#',
    '%',
    'abc123',
    'demo.aicrisk.com',
  );
  const parts = fc.array(part, { maxLength: 6 }).map((some) => some.join(''));
  const userid = fc
    .oneof(fc.constantFrom('', 'Application', guid), parts, unicodeText, hostileText)
    .filter((text) => text === '' || isUserid(text));
  const account = fc.record({
    userid,
    name: fc.oneof(fc.constantFrom('', 'Application'), parts, unicodeText),
    deployment: fc
      .record({
        origin: fc.constantFrom(demo, 'http://demo.aicrisk.com', 'http://[::1]:80'),
        clientId: fc.oneof(parts, fc.constantFrom(guid, `${guid}0`)).filter((id) => id.trim() !== ''),
      })
      .map(({ origin, clientId }) => at(origin, clientId)),
  });

  it('never stands for two accounts, whatever their names are: VS Code remembers consent by it', () => {
    fc.assert(
      fc.property(account, account, (a, b) => {
        const label = accountLabel(a.deployment, a.userid, a.name);
        const same = a.userid === b.userid && a.deployment.key === b.deployment.key;
        assert.equal(isLabelOf(label, b.deployment, b.userid), same);
      }),
      runs(2_000),
    );
  });
});
