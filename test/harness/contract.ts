import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod/mini';
import { usage } from '../../src/node/helper/options.ts';
import { readScopes, splitScopes } from '../../src/core/sessions/scopes.ts';
import { namedIn } from '../../src/vscode/commands/commandArgument.ts';
import { readArgument } from '../../src/vscode/signIn/signInForTests.ts';
import { projectFolder } from './paths.ts';

/** What others rely on: what is promised, by what it is about. */
export type Contract = Readonly<Record<string, string>>;

const recordFile = join('test', 'unit', 'project', 'contract.json');
const Recorded = z.object({ changelog: z.string(), promises: z.record(z.string(), z.string()) });

const Setting = z.looseObject({ enum: z.optional(z.array(z.string())) });
const Manifest = z.object({
  name: z.string(),
  publisher: z.string(),
  engines: z.object({ vscode: z.string() }),
  extensionKind: z.array(z.string()),
  activationEvents: z.array(z.string()),
  contributes: z.looseObject({
    authentication: z.array(z.object({ id: z.string(), label: z.string() })),
    commands: z.array(z.object({ command: z.string() })),
    configuration: z.object({ properties: z.record(z.string(), Setting) }),
    terminal: z.optional(z.object({ profiles: z.array(z.object({ id: z.string() })) })),
  }),
});

const read = (path: string): Promise<string> => readFile(join(projectFolder, path), 'utf8');

/** A schema without its words, which may change. */
function withoutWords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutWords);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([name]) => !/description|^(order|title|patternErrorMessage)$/i.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutWords(value)]));
}

function* ofManifest(source: string): Generator<[string, string]> {
  const { contributes, ...manifest } = Manifest.parse(JSON.parse(source));
  yield ['extension', `${manifest.publisher}.${manifest.name}`];
  yield ['oldest VS Code', manifest.engines.vscode];
  yield ['extension kind', manifest.extensionKind.join(', ')];
  for (const event of manifest.activationEvents) yield [`activation ${event}`, ''];
  for (const { id, label } of contributes.authentication) yield [`authentication provider ${id}`, label];
  for (const { command } of contributes.commands) yield [`command ${command}`, ''];
  for (const { id } of contributes.terminal?.profiles ?? []) yield [`terminal profile ${id}`, ''];
  for (const [name, { enum: values = [], ...schema }] of Object.entries(
    contributes.configuration.properties,
  )) {
    yield [`setting ${name}`, JSON.stringify(withoutWords(schema))];
    for (const value of values) yield [`setting ${name} = ${value}`, ''];
  }
}

/** The members of exported interfaces; a choice of texts is one promise for each, since others may be added. */
function* ofApi(source: string): Generator<[string, string]> {
  const code = source.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
  for (const [, type = '', body = ''] of code.matchAll(/export interface (\w+) \{\n([^]*?)\n\}/g)) {
    for (const member of body.split(/;\s*(?:\n {2}(?! )|$)/)) {
      const text = member.replaceAll(/\s+/g, ' ').trim();
      const [, name = '', choices = ''] =
        /^(?:readonly )?(\w+)(?:: ('[^']*'(?: \| '[^']*')*)$)?/.exec(text) ?? [];
      if (name === '') continue;
      if (choices === '') yield [`api ${type}.${name}`, text];
      else for (const choice of choices.split(' | ')) yield [`api ${type}.${name} = ${choice}`, ''];
    }
  }
}

/** What a function makes of an argument, or that it refuses it. */
function outcome(of: () => unknown): string {
  try {
    return JSON.stringify(of()) ?? 'undefined';
  } catch (error) {
    return `refused: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`;
  }
}

function* ofArguments(): Generator<[string, string]> {
  for (const scopes of [
    [],
    ['user'],
    ['userid:user_42'],
    ['generic'],
    ['openid'],
    ['userid:'],
    ['generic', 'userid:user_42'],
  ]) {
    yield [`scopes ${JSON.stringify(scopes)}`, outcome(() => readScopes(scopes))];
  }
  for (const scopes of [['deployment:test'], ['deployment:test', 'user'], ['deployment:a', 'deployment:b']]) {
    yield [`scopes ${JSON.stringify(scopes)}`, outcome(() => splitScopes(scopes))];
  }
  const userids = [{ userid: 'user_42' }, { userid: '' }, { userid: 1 }];
  const deployments = [{ deployment: 'test' }, { userid: 'user_42', deployment: 'test' }, { deployment: 1 }];
  for (const argument of [undefined, {}, ...userids, ...deployments, 'user_42'])
    yield [
      `argument of signIn, signOut, renew ${JSON.stringify(argument)}`,
      outcome(() => namedIn(argument)),
    ];
  const secret = { clientSecret: 's3cr3t' };
  const [user, , invalid] = userids;
  for (const argument of [
    undefined,
    user,
    secret,
    ...deployments.map((one) => ({ ...secret, ...one })),
    { ...secret, ...invalid },
  ])
    yield [`argument of signInForTests ${JSON.stringify(argument)}`, outcome(() => readArgument(argument))];
}

/** What commands return to the extension that runs them, by the types of the functions behind them. */
function* ofResults(source: string): Generator<[string, string]> {
  const [, type = ''] = /^type SignedIn = (.*);$/m.exec(source) ?? [];
  for (const [, command] of source.matchAll(
    /^async function (signIn|signInAsUser)\([^)]*\): Promise<SignedIn> /gm,
  ))
    yield [`result of ${command}`, type];
}

/** The options and exit codes of the program in terminals, which scripts are written with. */
function* ofProgram(help: string): Generator<[string, string]> {
  for (const [, option = ''] of help.matchAll(/^ {2}(--[\w-]+(?: [A-Z]+)?)/gm))
    yield [`airisk-token ${option}`, ''];
  const [, codes = ''] = /^Exit codes: (.*)\.$/m.exec(help) ?? [];
  for (const [, code = '', meaning = ''] of codes.matchAll(/(\d+) ([^,]+)/g)) {
    yield [`airisk-token exit code ${code}`, meaning];
  }
}

/** The names by which authors tell errors apart. */
function* ofErrors(guide: string): Generator<[string, string]> {
  const [, table = ''] = /\n\| name [^\n]*\n\|[ |-]*\n([^]*?)\n\n/.exec(guide) ?? [];
  for (const [, name = ''] of table.matchAll(/^\| *([^|]*?) *\|/gm)) {
    for (const [, text = ''] of name.matchAll(/`([^`]+)`/g)) yield [`error ${text}`, ''];
  }
}

/** What is promised by the sources as they are. */
export async function currentContract(): Promise<Contract> {
  const [, callback = ''] = /path: '([^']+)'/.exec(await read('src/redirect/uriHandler.ts')) ?? [];
  return Object.fromEntries([
    ...ofManifest(await read('package.json')),
    ['callback', callback],
    ...ofApi(await read('src/api.ts')),
    ...ofArguments(),
    ...ofResults(await read('src/vscode/commands/commands.ts')),
    ...ofProgram(usage),
    ...ofErrors(await read('INTEGRATION.md')),
  ]);
}

/** The contract as it was last agreed to, and the line of the changelog that says why. */
export async function recordedContract(): Promise<z.infer<typeof Recorded>> {
  return Recorded.parse(JSON.parse(await read(recordFile)));
}

/** The promises of an older contract that are kept no more: others rely on each of them. */
export function brokenPromises(older: Contract, newer: Contract): string[] {
  return Object.keys(older).filter((name) => newer[name] !== older[name]);
}

/** What is not released yet, as the changelog says it. */
export function unreleased(changelog: string): string {
  return /^## \[Unreleased\]\n([^]*?)(?=^## |(?![^]))/m.exec(changelog)?.[1] ?? '';
}

/**
 * Records the contract again: with a line of the changelog, and a word of its own for a promise that is broken.
 * @throws an `Error` that says which of them is missing
 */
async function record(line = '', word = ''): Promise<void> {
  if (line === '' || !unreleased(await read('CHANGELOG.md')).includes(`- ${line}`)) {
    throw new Error(
      'Write what changes below [Unreleased] in CHANGELOG.md, then: npm run contract -- "that line"',
    );
  }
  const promises = await currentContract();
  const broken = brokenPromises((await recordedContract()).promises, promises);
  if (broken.length > 0 && word !== 'break') {
    throw new Error(`This breaks who relies on:\n${broken.join('\n')}\nTo do so, add the word: break`);
  }
  await writeFile(
    join(projectFolder, recordFile),
    `${JSON.stringify({ changelog: line, promises }, undefined, 2)}\n`,
  );
}

async function main(): Promise<void> {
  try {
    await record(...process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) void main();
