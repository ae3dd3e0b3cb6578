import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readUsers } from '../../../../src/core/oauth/users.ts';
import { isUserid } from '../../../../src/core/oauth/userid.ts';
import { hostileText } from '../../support/arbitraries.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

/** The users of a list alone. */
const usersIn = (body: string) => readUsers(body)?.users;
const ann = { userid: '1', name: 'Ann' };

describe('readUsers', () => {
  const shapes: [what: string, json: unknown, users: unknown][] = [
    ['a list', [{ id: '1', name: 'Ann' }], [ann]],
    ['an empty list', [], []],
    ['a list in "users"', { users: [{ id: '1', name: 'Ann' }] }, [ann]],
    ['a list in "data"', { data: [{ id: '1', name: 'Ann' }] }, [ann]],
    ['a list in "value"', { value: [{ id: '1', name: 'Ann' }] }, [ann]],
    ['a list in "items"', { items: [{ id: '1', name: 'Ann' }] }, [ann]],
    ['a list in "Users"', { Users: [{ Id: '1', Name: 'Ann' }] }, [ann]],
    ['a list beside other things', { total: 1, tags: ['x'], data: [{ id: '1', name: 'Ann' }] }, [ann]],
    ['a list beside a name that is no list', { users: 7, items: [{ id: '1', name: 'Ann' }] }, [ann]],
    ['two lists', { users: [{ id: '1' }], items: [{ id: '2' }] }, undefined],
    ['a list under another name', { people: [{ id: '1' }] }, undefined],
    ['an object without a list', { users: { id: '1' } }, undefined],
    ['an empty object', {}, undefined],
    ['null, which is no users', null, []],
    ['a list that is null', { users: null }, []],
    ['a list beside one that is null', { users: null, items: [{ id: '1', name: 'Ann' }] }, [ann]],
    ['two lists beside one that is null', { users: null, data: [], items: [] }, undefined],
    ['null under another name', { people: null }, undefined],
    ['a text', 'users', undefined],
    ['a number', 1, undefined],

    ['the name that is not the id again', [{ id: '1', name: '1', displayName: 'Ann' }], [ann]],
    [
      'the name that is not the id again, in other letters',
      [{ id: 'a-1', name: 'A-1', fullName: 'a-1', email: 'Ann' }],
      [{ userid: 'a-1', name: 'Ann' }],
    ],
    ...['](x', '\u202e1', 'a\nb', 'x'.repeat(257)].map((bad): (typeof shapes)[number] => [
      `the user id where the id is ${JSON.stringify(bad).slice(0, 20)}`,
      [{ id: bad, userId: '1', name: 'Ann' }],
      [ann],
    ]),
    ['no name where it is the id again', [{ id: '1', name: '1' }], [{ userid: '1', name: '' }]],
    [
      'a label for a blank one',
      [{ id: '1', name: ' ', email: 'ann@a.example' }],
      [{ userid: '1', name: 'ann@a.example' }],
    ],
    [
      'a label for one that cannot be seen',
      [{ id: '\u200b', userId: '1', name: '\u200b\u202e', displayName: 'Ann' }],
      [ann],
    ],
    ['"userId"', [{ userId: '1', name: 'Ann' }], [ann]],
    ['"userid"', [{ userid: '1', name: 'Ann' }], [ann]],
    ['"ID" and "NAME"', [{ ID: '1', NAME: 'Ann' }], [ann]],
    ['the id before the user id', [{ userId: '2', id: '1', name: 'Ann' }], [ann]],
    ['the user id where the id is nothing', [{ id: null, userId: '1', name: 'Ann' }], [ann]],
    ['the user id where the id is empty', [{ id: '', userId: '1', name: 'Ann' }], [ann]],
    ['the user id where the id is blank', [{ id: ' ', userId: '1', name: 'Ann' }], [ann]],
    ['an id that blanks fill up', [{ id: '1   ', name: 'Ann   ' }], [ann]],
    ['a number as id', [{ id: 1, name: 'Ann' }], [ann]],
    ['zero as id', [{ id: 0 }], [{ userid: '0', name: '' }]],
    ['"displayName"', [{ id: '1', displayName: 'Ann' }], [ann]],
    ['"fullName"', [{ id: '1', fullName: 'Ann' }], [ann]],
    ['"userName"', [{ id: '1', userName: 'Ann' }], [ann]],
    ['"email"', [{ id: '1', email: 'ann@a.example' }], [{ userid: '1', name: 'ann@a.example' }]],
    [
      'the labels in their order',
      [
        { id: '1', email: 'e', userName: 'u', fullName: 'f', displayName: 'd', name: 'n' },
        { id: '2', email: 'e', userName: 'u', fullName: 'f', displayName: 'd' },
        { id: '3', email: 'e', userName: 'u', fullName: 'f' },
        { id: '4', email: 'e', userName: 'u' },
      ],
      ['n', 'd', 'f', 'u'].map((name, index) => ({ userid: String(index + 1), name })),
    ],
    ['the next label where one is nothing', [{ id: '1', name: '', displayName: null, email: 'Ann' }], [ann]],
    ['no label', [{ id: '1' }], [{ userid: '1', name: '' }]],
    ['a label that would be a link', [{ id: '1', name: '[a](b)\n' }], [{ userid: '1', name: '[a] (b)' }]],
    ['an id with spaces and signs', [{ id: 'a b+c&d=e' }], [{ userid: 'a b+c&d=e', name: '' }]],
    ['an id in another script', [{ id: '用户_8' }], [{ userid: '用户_8', name: '' }]],
    ['the longest id', [{ id: '😀'.repeat(256) }], [{ userid: '😀'.repeat(256), name: '' }]],
    [
      'only the entries with an id',
      [null, 1, 'x', [], {}, { name: 'x' }, { id: true }, { id: {} }, { id: '1', name: 'Ann' }],
      [ann],
    ],
    ['no id with a control character', [{ id: 'a\nb' }, { id: '\0' }, { id: '\u0085' }], []],
    ['no id with half a character', [{ id: '\ud800' }], []],
    ['no id that is too long', [{ id: 'x'.repeat(257) }], []],
    ['names that objects have', [{ id: '1', constructor: null, toString: 1, name: 'Ann' }], [ann]],
  ];
  for (const [what, json, users] of shapes) {
    it(`reads ${what}`, () => assert.deepEqual(usersIn(JSON.stringify(json)), users));
  }

  for (const body of ['', '<html>', '[', '[{"id":"1"}', 'undefined', '[]]']) {
    it(`does not read ${JSON.stringify(body)}`, () => assert.equal(readUsers(body), undefined));
  }

  it('survives a prototype in the JSON', () => {
    assert.deepEqual(usersIn('[{"__proto__":{"id":"2"},"name":"x"}]'), []);
    assert.deepEqual(readUsers('{"__proto__":[{"id":"1"}]}'), undefined);
  });

  it('reads a number as it is written: rounded, it would be another user', () => {
    for (const id of [
      '9007199254740991',
      '9007199254740993',
      '9223372036854775807',
      '-1',
      `1${'0'.repeat(60)}`,
      '42.0',
      '1.5',
      '1e3',
      '-1E+400',
    ]) {
      assert.deepEqual(usersIn(`{"total":1,"users":[ {"Id" : ${id},"name":"n"} ]}`), [
        { userid: id, name: 'n' },
      ]);
    }
  });

  it('says how many entries it cannot list', () => {
    const leftOut = (json: unknown) => readUsers(JSON.stringify(json))?.leftOut;
    assert.equal(leftOut([{ id: '1' }, { id: 'a](b' }, { name: 'x' }, null, 'user_1', { id: ['1'] }]), 5);
    assert.equal(leftOut({ users: [{ id: '\u202ea' }, { id: 7 }] }), 1);
    for (const none of [[], null, { users: null }, [{ id: '1', userId: '](' }]])
      assert.equal(leftOut(none), 0);
  });

  it('leaves the digits of texts alone', () => {
    const name = String.raw`1,2:3 \"4\" \\ 5`;
    assert.deepEqual(usersIn(`[{"id":"7","name":"${name}"}]`), [
      { userid: '7', name: JSON.parse(`"${name}"`) },
    ]);
  });

  it('reads texts and numbers of any length, and gives up on a text without an end', () => {
    const size = 10_000_000;
    const endless = `[{"id":1,"name":"${String.raw`\"`.repeat(size)}`;
    assert.match(usersIn(`${endless}"}]`)?.[0]?.name ?? '', /^"{100}/);
    assert.equal(usersIn(endless), undefined);
    assert.deepEqual(usersIn(`[{"id":${'1'.repeat(size)},"userId":1,"name":"Ann"}]`), [ann]);
  });
});

describe('any list of users', () => {
  const idName = fc.constantFrom('id', 'Id', 'ID', 'userId', 'userid', 'UserID', 'x');
  const nameName = fc.constantFrom('name', 'displayName', 'FullName', 'USERNAME', 'email', 'y');
  const id = fc.oneof(
    hostileText,
    fc.string(),
    fc.nat(),
    fc.jsonValue({ maxDepth: 1 }),
    fc.constant('x'.repeat(300)),
  );
  const name = fc.oneof(hostileText, fc.jsonValue({ maxDepth: 1 }));
  const entry = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(idName, id, nameName, name).map(([a, b, c, d]) => ({ [a]: b, [c]: d })),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
  const list = fc.array(entry, { maxLength: 4 });
  const body = fc
    .oneof(
      { weight: 3, arbitrary: list },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.constantFrom('users', 'Data', 'value', 'ITEMS', 'z'), list)
          .map(([a, b]) => ({ [a]: b })),
      },
      { weight: 1, arbitrary: fc.jsonValue() },
    )
    .map((json) => JSON.stringify(json));
  const cut = fc.tuple(body, fc.nat({ max: 200 })).map(([text, length]) => text.slice(0, length));

  itHolds('is read without a crash, into valid userids and plain names', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: body }, { weight: 1, arbitrary: cut }), (text) => {
        for (const user of usersIn(text) ?? []) {
          assert.doesNotMatch(user.userid, /[\p{Cc}\p{Cs}]/u);
          assert.match(user.userid, /^.{1,256}$/su);
          assert.doesNotMatch(user.name, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\]\(/u);
          assert.ok(user.name.length <= 200);
        }
      }),
      runs(2_000),
    );
  });

  itHolds('keeps every valid userid, in order', () => {
    const userid = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter(isUserid);
    const ids = fc.array(fc.oneof(userid, fc.nat()), { maxLength: 20 });
    fc.assert(
      fc.property(
        ids,
        idName.filter((text) => text !== 'x'),
        (wanted, property) => {
          const users = usersIn(JSON.stringify(wanted.map((value) => ({ [property]: value }))));
          assert.deepEqual(
            users?.map((user) => user.userid),
            wanted.map(String),
          );
        },
      ),
      runs(3_000),
    );
  });
});

describe('isUserid', () => {
  const cases: [userid: string, valid: boolean][] = [
    ['user_42', true],
    [' ', false],
    ['user_42 ', false],
    ['\u00a0user_42', false],
    ['user_42\u200b', false],
    ['\u00aduser_42', false],
    ['user_42\u3164', false],
    ['a b', true],
    ['a\u200cb', true],
    ['\u2764\ufe0f', true],
    ['x'.repeat(256), true],
    ['x'.repeat(257), false],
    ['', false],
    ['a\tb', false],
    ['a\u007f', false],
    ['\udc00', false],
    ['a\u202eb', false],
    ['[a](command:b)', false],
    ['x'.repeat(9) + '](', false],
    ['[a] (b)', true],
  ];
  for (const [userid, valid] of cases) {
    it(`says ${valid} for ${JSON.stringify(userid).slice(0, 20)} (${userid.length})`, () =>
      assert.equal(isUserid(userid), valid));
  }
});
