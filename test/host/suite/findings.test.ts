import assert from 'node:assert/strict';
import { examine, type Finding } from '../../../src/core/diagnosis.ts';
import { AiriskError } from '../../../src/core/errors.ts';
import { openerDetail } from '../../../src/vscode/diagnose.ts';
import { findingText, nextStepText } from '../../../src/vscode/findings.ts';

const never = new AbortController().signal;
/** A finding in the words of a report. */
const words = (finding: Finding): string[] => [
  findingText(finding),
  ...(finding.nextStep ? [nextStepText(finding.nextStep, '')] : []),
];

describe('what Diagnose says of the URI scheme on the desktop', () => {
  const answers: [opener: string | undefined, ok: boolean | undefined, said: RegExp][] = [
    ['code.desktop', true, /^Registered with the operating system\.$/],
    ['', false, /^No program is registered for vscode: addresses\. Reinstall this editor, or run/],
    [undefined, undefined, /^Not checked\.$/],
  ];
  for (const [opener, ok, said] of answers) {
    it(`where the operating system says ${opener === undefined ? 'nothing at all' : `"${opener}"`}`, async () => {
      const redirects = {
        callback: 'vscode://airisk.airisk-authentication/callback',
        opener: async () => opener,
      };
      const finding = await examine('uriScheme', () => openerDetail(redirects, false, never));
      assert.equal(finding.ok, ok);
      assert.match(words(finding).join(' '), said);
    });
  }
});

describe('what Diagnose says of a port', () => {
  const reasons: [reason: string, said: RegExp][] = [
    ['EADDRINUSE', /^Port 99 is in use by another program\. Close the program/],
    ['EACCES', /^Port 99 is not available \(EACCES\)\. /],
  ];
  for (const [reason, said] of reasons) {
    it(`that cannot be had: ${reason}`, async () => {
      const finding = await examine('redirectUri', () =>
        Promise.reject(new AiriskError('port_in_use', { subject: '99', reason })),
      );
      assert.match(words(finding).join(' '), said);
    });
  }
});
