import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseExpiration } from '../../../../src/core/oauth/tokenRequest.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

describe('parseExpiration', () => {
  const documented = Date.UTC(2025, 2, 31, 13, 12, 17);

  const forms: [text: string, time: number][] = [
    ['2025-03-31T13:12:17Z', documented],
    ['2025-03-31T13:12:17', documented],
    ['2025-03-31T13:12:17+00:00', documented],
    ['2025-03-31T13:12:17-00:00', documented],
    ['2025-03-31T13:12:17.1Z', documented + 100],
    ['2025-03-31T13:12:17.12Z', documented + 120],
    ['2025-03-31T13:12:17.123Z', documented + 123],
    ['2025-03-31T13:12:17.1234Z', documented + 123],
    ['2025-03-31T13:12:17.1234567Z', documented + 123],
    ['2025-03-31T13:12:17.9999999Z', documented + 999],
    ['2025-03-31T13:12:17.0000001Z', documented],
    ['2025-03-31T13:12:17.1234567', documented + 123],
    ['2025-03-31T13:12:17.1234567+00:00', documented + 123],
    ['2025-03-31T15:12:17.5+02:00', documented + 500],
    ['2025-03-31T07:42:17-05:30', documented],
    ['2025-03-31t13:12:17z', documented],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2024-12-31T23:59:59Z', Date.UTC(2024, 11, 31, 23, 59, 59)],
    ['0001-01-01T00:00:00', -62_135_596_800_000],
    ['9999-12-31T23:59:59.9999999', 253_402_300_799_999],
  ];
  for (const [text, time] of forms) it(`reads ${text}`, () => assert.equal(parseExpiration(text), time));

  const others: Record<string, readonly string[]> = {
    'no date': [
      '',
      ' ',
      '0',
      '1743426737',
      'garbage',
      'undefined',
      'null',
      'NaN',
      'never',
      'tomorrow',
      '9999',
    ],
    'a part of a date': ['2025-03-31', '2025-03-31T13:12', '2025-03-31T13:12Z', '13:12:17Z', 'T13:12:17Z'],
    'another form': ['2025-03-31 13:12:17', '31.03.2025 13:12:17', '03/31/2025 13:12:17', '20250331T131217Z'],
    'a form of other systems': ['Mon, 31 Mar 2025 13:12:17 GMT', '/Date(1743426737000)/', 'Mar 31 2025'],
    'a broken fraction': ['2025-03-31T13:12:17.Z', '2025-03-31T13:12:17.12345678Z', '2025-03-31T13:12:17,5Z'],
    'a broken offset': ['2025-03-31T13:12:17+0000', '2025-03-31T13:12:17+00', '2025-03-31T13:12:17ZZ'],
    'an impossible offset': ['2025-03-31T13:12:17+24:00', '2025-03-31T13:12:17+00:60'],
    'space around': [' 2025-03-31T13:12:17Z', '2025-03-31T13:12:17Z ', '2025-03-31T13:12:17Z\n'],
    'a foreign year': ['+002025-03-31T13:12:17Z', '-2025-03-31T13:12:17Z', '25-03-31T13:12:17Z'],
    'foreign digits': ['２０２５-03-31T13:12:17Z'],
    'a foreign month': ['2025-13-31T13:12:17Z', '2025-00-31T13:12:17Z'],
    'a foreign day': ['2025-03-00T13:12:17Z', '2025-03-32T13:12:17Z'],
    'a day that this month lacks': [
      '2025-02-29T00:00:00Z',
      '2025-02-30T00:00:00',
      '2025-04-31T00:00:00+00:00',
    ],
    'a foreign time': ['2025-03-31T25:12:17Z', '2025-03-31T13:60:17Z', '2025-03-31T13:12:60Z'],
  };
  for (const [what, texts] of Object.entries(others)) {
    for (const text of texts) {
      it(`does not read ${what}: ${JSON.stringify(text)}`, () =>
        assert.equal(parseExpiration(text), undefined));
    }
  }

  describe('on a computer in another time zone', () => {
    const zone = process.env['TZ'];
    before(() => {
      process.env['TZ'] = 'America/St_Johns';
    });
    after(() => {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    });

    it('reads UTC where there is no offset', () => {
      assert.notEqual(new Date(documented).getTimezoneOffset(), 0);
      assert.equal(parseExpiration('2025-03-31T13:12:17'), documented);
      assert.equal(parseExpiration('2025-03-31T13:12:17.1234567'), documented + 123);
    });
  });

  itHolds('reads every instant in every form and offset', () => {
    const instant = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(9998, 0, 1) });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const ticks = fc.stringMatching(/^\d{4}$/);
    fc.assert(
      fc.property(instant, offset, ticks, (time, minutes, submillis) => {
        const local = new Date(time + minutes * 60_000).toISOString().slice(0, -1);
        const [hh, mm] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) =>
          String(n).padStart(2, '0'),
        );
        assert.equal(parseExpiration(`${local}${submillis}${minutes < 0 ? '-' : '+'}${hh}:${mm}`), time);
        const utc = new Date(time).toISOString();
        assert.equal(parseExpiration(utc), time);
        assert.equal(parseExpiration(utc.slice(0, -1)), time);
        assert.equal(parseExpiration(`${utc.slice(0, 19)}Z`), Math.floor(time / 1_000) * 1_000);
      }),
      runs(2_000),
    );
  });

  itHolds('reads no other text', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      '2',
      '3',
      '9',
      '-',
      ':',
      'T',
      'Z',
      '+',
      '.',
      ' ',
      'Jan',
      'GMT',
      'a',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: piece }), fc.string({ unit: 'binary' })), (text) => {
        assert.equal(parseExpiration(text), undefined);
      }),
      runs(5_000),
    );
  });
});
