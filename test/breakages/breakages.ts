/** One defence of SECURITY.md taken away, and the tests that have to fail for it. */
export interface Breakage {
  readonly defence: string;
  /** How the code is changed: every occurrence of `find` becomes `replace`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Files of `test/unit`, `test/host/suite` or `test/e2e`, all of one kind. */
  readonly tests: readonly string[];
}

const authorizationRequest = 'src/core/oauth/authorizationRequest.ts';
const state = 'src/core/oauth/state.ts';
const authorizationResponse = 'src/core/oauth/authorizationResponse.ts';
const text = 'src/core/text.ts';
const http = 'src/core/oauth/http.ts';
const loopback = 'src/node/loopback.ts';
const uriHandler = 'src/redirect/uriHandler.ts';
const unit = (...names: string[]): string[] => names.map((name) => `test/unit/${name}.test.ts`);
const receivers = ['test/host/suite/receivers.test.ts'];
const handshake = 'src/node/terminal/handshake.ts';
const terminalSocket = unit('node/terminal/terminalSocket');
const consent = unit('core/terminal/consent');
const refusals = unit('node/loopbackRefusals');

/** Each is caught by a test: `npm run test:breakages` shows it. */
export const breakages: readonly Breakage[] = [
  {
    defence: 'a state has 256 bits',
    file: state,
    find: 'new Uint8Array(32)',
    replace: 'new Uint8Array(8)',
    tests: unit('core/oauth/state'),
  },
  {
    defence: 'a state is made by the generator for secrets',
    file: state,
    find: 'crypto.getRandomValues(new Uint8Array(32))',
    replace: 'new Uint8Array(32).map(() => Math.floor(Math.random() * 256))',
    tests: unit('core/oauth/state'),
  },
  {
    defence: 'a state serves once',
    file: uriHandler,
    find: 'this.#expected.delete(expected);',
    replace: '',
    tests: receivers,
  },
  {
    defence: 'a state ends with its sign-in',
    file: uriHandler,
    find: "signal.addEventListener('abort', () => this.#expected.delete(state), { once: true });",
    replace: '',
    tests: receivers,
  },
  {
    defence: 'states are compared in constant time',
    file: authorizationResponse,
    find: 'let difference = a.length ^ b.length;',
    replace: 'if (a[0] !== b[0]) return false;\n  let difference = a.length ^ b.length;',
    tests: unit('core/oauth/state'),
  },
  {
    defence: 'an unknown state is refused by the URI handler',
    file: uriHandler,
    find: "if (!sameState(expected, state ?? '')) continue;",
    replace: '',
    tests: receivers,
  },
  {
    defence: 'an unknown state is refused by the loopback listener',
    file: loopback,
    find: "!received || !sameState(state, received.state ?? '')",
    replace: '!received',
    tests: refusals,
  },
  {
    defence: 'a missing state is refused by the loopback listener',
    file: loopback,
    find: "received.state ?? ''",
    replace: 'received.state ?? state',
    tests: refusals,
  },
  {
    defence: 'a doubled parameter is refused',
    file: authorizationResponse,
    find: 'values.length > 1 ? values : values[0]',
    replace: 'values[0]',
    tests: unit('core/oauth/authorizationResponse'),
  },
  {
    defence: 'a code beside an error is refused',
    file: authorizationResponse,
    find: 'if (code === undefined || error !== undefined)',
    replace: 'if (code === undefined)',
    tests: unit('core/oauth/authorizationResponse'),
  },
  {
    defence: 'whoever sends a wrong callback is told nothing',
    file: loopback,
    find: "respond(answer, 404, '');",
    replace: "respond(answer, 404, 'not the state');",
    tests: refusals,
  },
  {
    defence: 'a callback that nobody waits for starts nothing',
    file: 'src/vscode/signIn/foreignRedirects.ts',
    find: "log.info(sent ? 'Handed a redirect to another window' : 'Ignored a redirect nobody waits for');",
    replace:
      "log.info(sent ? 'Handed a redirect to another window' : 'Ignored a redirect nobody waits for', void vscode.commands.executeCommand('airisk.signIn', { userid: '' }));",
    tests: ['test/e2e/defences.test.ts'],
  },
  {
    defence: 'a redirect that windows hand over can be read with its state only',
    file: 'src/node/seal.ts',
    find: "digest('key', secret)",
    replace: "digest('key', 'the same for all')",
    tests: unit('node/relayFiles'),
  },
  {
    defence: 'an address without a state is the redirect URI',
    file: authorizationResponse,
    find: 'isRedirectTo(address, redirectUri)',
    replace: 'true',
    tests: unit('core/oauth/authorizeSilently'),
  },
  {
    defence: 'a redirect that has a state has the one that was sent',
    file: authorizationResponse,
    find: 'sameState(state, response.state)',
    replace: 'true',
    tests: unit('core/oauth/authorizeSilently'),
  },
  {
    defence: 'a silent redirect has a state',
    file: authorizationRequest,
    find: "if (response.state === undefined) throw new AiriskError('state_missing');",
    replace: '',
    tests: unit('core/oauth/authorizeSilently'),
  },
  {
    defence: 'text from outside has no links',
    file: text,
    find: ".replaceAll('](', '] (')",
    replace: '',
    tests: unit('core/text'),
  },
  {
    defence: 'text from outside has no control or bidirectional characters',
    file: text,
    find: String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s])+`,
    replace: String.raw`\n)+`,
    tests: unit('core/text'),
  },
  {
    defence: 'text from outside is bounded',
    file: text,
    find: 'text.length <= maxLength',
    replace: 'text.length <= 1e9',
    tests: unit('core/text'),
  },
  {
    defence: 'a userid that could be a link is none',
    file: 'src/core/oauth/userid.ts',
    find: String.raw`(?!.*\]\()`,
    replace: '',
    tests: unit('core/oauth/users'),
  },
  {
    defence: 'https only, but for loopback',
    file: 'src/core/oauth/deployment.ts',
    find: "(url.protocol === 'http:' && isLoopback(url.hostname))",
    replace: "url.protocol === 'http:'",
    tests: unit('core/oauth/deployment'),
  },
  {
    defence: 'loopback is an address and no name that begins like one',
    file: 'src/core/oauth/deployment.ts',
    find: String.raw`/^127(\.\d{1,3}){3}$/`,
    replace: String.raw`/^127\./`,
    tests: unit('core/oauth/deployment'),
  },
  {
    defence: 'no redirect is followed',
    file: http,
    find: "redirect: 'manual'",
    replace: "redirect: 'follow'",
    tests: unit('core/oauth/send'),
  },
  {
    defence: 'no redirect of the token request is followed, in the real host',
    file: http,
    find: "redirect: 'manual'",
    replace: "redirect: 'follow'",
    tests: ['test/e2e/defences.test.ts'],
  },
  {
    defence: 'a body is read up to a limit',
    file: http,
    find: 'if (size > maxBytes)',
    replace: 'if (size < 0)',
    tests: unit('core/oauth/send'),
  },
  {
    defence: 'a request ends in time',
    file: http,
    find: 'setTimeout(() => timeout.abort(), http.timeoutMs)',
    replace: 'setTimeout(() => timeout.abort(), 1e9)',
    tests: unit('core/oauth/send'),
  },
  {
    defence: 'a sign-in ends in time',
    file: 'src/core/oauth/signIn.ts',
    find: "timeout.abort(new AiriskError('sign_in_timeout')), ports.timeoutMs",
    replace: "timeout.abort(new AiriskError('sign_in_timeout')), 1e9",
    tests: unit('core/oauth/signInAbort', 'core/oauth/signIn'),
  },
  {
    defence: 'secrets and tokens belong to one origin',
    file: 'src/core/oauth/deployment.ts',
    find: '${origin}\\n${id}',
    replace: '${clientId}',
    tests: unit('core/oauth/deployment', 'vscode/clientSecrets'),
  },
  {
    defence: 'another origin gets nothing before the user has set it up, in the real host',
    file: 'src/core/oauth/deployment.ts',
    find: '${origin}\\n${id}',
    replace: '${clientId}',
    tests: ['test/e2e/defences.test.ts'],
  },
  {
    defence: 'a client secret belongs to one deployment',
    file: 'src/vscode/secretStorage.ts',
    find: '`client:v1:${key}`',
    replace: "'client:v1:'",
    tests: unit('vscode/clientSecrets'),
  },
  {
    defence: 'a session belongs to one deployment',
    file: 'src/core/sessions/session.ts',
    find: '`${sessionKeysStart}${key}:`',
    replace: 'sessionKeysStart',
    tests: unit('core/sessions/store', 'core/sessions/sessions'),
  },
  {
    defence: 'a record that names a different deployment than its key is no session',
    file: 'src/core/sessions/session.ts',
    find: 'return deployment.key === key && deployment.origin === origin && deployment.clientId === clientId;',
    replace: 'return deployment.key === key || origin === clientId;',
    tests: unit('core/sessions/damage'),
  },
  {
    defence: 'no folder and no remote machine changes a setting',
    file: 'package.json',
    find: '"scope": "application"',
    replace: '"scope": "resource"',
    tests: unit('project/security'),
  },
  {
    defence: 'no secret of a request is quoted from its answer',
    file: 'src/core/oauth/errorResponse.ts',
    find: 'redact(plainText(text), secrets)',
    replace: 'plainText(text)',
    tests: unit('core/oauth/requestToken', 'core/oauth/listUsers', 'core/oauth/requestAuthorization'),
  },
  {
    defence: 'no state is quoted from an authorization response',
    file: authorizationResponse,
    find: 'reason: redact(reason, [state])',
    replace: 'reason',
    tests: unit('core/oauth/authorizationResponse'),
  },
  {
    defence: 'a failing browser quotes no address',
    file: 'src/core/oauth/signIn.ts',
    find: ".catch(() => {\n        // Without its cause: the host's words quote the address, and with it the state.\n        throw new AiriskError('browser_not_opened');",
    replace: ".catch((cause: unknown) => {\n        throw new AiriskError('browser_not_opened', { cause });",
    tests: unit('core/oauth/signIn', 'project/faults'),
  },
  {
    defence: 'a failing keyring quotes no secret',
    file: 'src/vscode/secretStorage.ts',
    find: "() => {\n          clearTimeout(timer);\n          // Without its cause: the host's words may quote what was to be stored.\n          reject(new AiriskError('storage'));",
    replace:
      "(cause: unknown) => {\n          clearTimeout(timer);\n          reject(new AiriskError('storage', { cause }));",
    tests: unit('vscode/clientSecrets', 'project/faults'),
  },
  {
    defence: 'the list of users is asked for with a token of its own deployment',
    file: 'src/vscode/signIn/chooseUser.ts',
    find: "parts.sessions.find(deployment, '')",
    replace: "parts.sessions.find(parts.settings.deployment(), '')",
    tests: ['test/e2e/defences.test.ts'],
  },
  {
    defence: "the application's token goes with a user's request, and only while it lives",
    file: 'src/core/sessions/tokenSource.ts',
    find: 'generic && remainingMs(generic, now()) > 0 ? generic.accessToken : undefined',
    replace: 'generic?.accessToken',
    tests: unit('core/sessions/tokenSource'),
  },
  {
    defence: "no token is given under another deployment's account",
    file: 'src/vscode/provider.ts',
    find: "if (!this.#parts.settings.describe(target.deployment)) throw new AiriskError('settings_changed');",
    replace: '',
    tests: ['test/host/suite/provider.test.ts'],
  },
  {
    defence: 'a pasted address without a state is the redirect URI',
    file: 'src/redirect/paste.ts',
    find: 'isRedirectTo(line, redirectUri)',
    replace: 'true',
    tests: receivers,
  },
  {
    defence: 'a pasted address has no other state',
    file: 'src/redirect/paste.ts',
    find: 'sameState(state, response.state) ? response',
    replace: 'response.state ? response',
    tests: receivers,
  },
  {
    defence: 'windows tell one another nothing that others can read',
    file: 'src/node/folderChannel.ts',
    find: 'const sealed = seal(await open(), text);',
    replace: 'const sealed = (await open(), text);',
    tests: unit('node/folderChannel'),
  },
  {
    defence: 'the folders of windows are closed to others',
    file: 'src/node/privateFiles.ts',
    find: 'await chmod(folder, ownerOnly)',
    replace: 'await Promise.resolve()',
    tests: unit('node/privateFiles', 'node/folderChannel', 'node/windowRelay'),
  },
  {
    defence: 'no link is followed to what is written',
    file: 'src/node/privateFiles.ts',
    find: 'await rm(file, { force: true });',
    replace: '',
    tests: unit('node/privateFiles', 'node/windowRelay'),
  },
  {
    defence: 'no link is followed to what is read',
    file: 'src/node/privateFiles.ts',
    find: ' | constants.O_NOFOLLOW',
    replace: '',
    tests: unit('node/privateFiles', 'node/folderChannel'),
  },
  {
    defence: 'a write that failed does not hide a sign-out in another window',
    file: 'src/core/sessions/sharedSecrets.ts',
    find: `      await apply(change);
      if (isLast(change)) latest.set(key, { change, applied: true });`,
    replace: `      latest.set(key, { change, applied: true });
      await apply(change);`,
    tests: unit('core/sessions/sharedSecrets'),
  },
  {
    defence: 'a window answers no helper that does not prove the key',
    file: handshake,
    find: "if (!equal(await reader.take(bytes), proof('helper', key, helpers, own))) {",
    replace: 'if (!(await reader.take(bytes))) {',
    tests: terminalSocket,
  },
  {
    defence: 'a helper asks no window that does not prove the key',
    file: handshake,
    find: "if (!equal(await reader.take(bytes), proof('editor', key, own, editors))) {",
    replace: 'if (!(await reader.take(bytes))) {',
    tests: terminalSocket,
  },
  {
    defence: 'a proof is for one connection',
    file: handshake,
    find: '    .update(helpers)\n    .update(editors)\n',
    replace: '    .update(helpers)\n',
    tests: terminalSocket,
  },
  {
    defence: 'a window is silent before it is greeted',
    file: handshake,
    find: '  const helpers = await reader.take(bytes);\n  const own = randomBytes(bytes);\n  socket.write(own);',
    replace:
      '  const own = randomBytes(bytes);\n  socket.write(own);\n  const helpers = await reader.take(bytes);',
    tests: terminalSocket,
  },
  {
    defence: 'a helper has five seconds to ask',
    file: 'src/node/terminal/terminalSocket.ts',
    find: 'const deadline = setTimeout(() => connection.destroy(), helloMs);',
    replace: 'const deadline = setTimeout(() => undefined, helloMs);',
    tests: terminalSocket,
  },
  {
    defence: 'a request of a helper is small',
    file: handshake,
    find: 'if (waiting.length > most) socket.destroy();',
    replace: '',
    tests: terminalSocket,
  },
  {
    defence: "the socket of a window is its owner's alone",
    file: 'src/node/terminal/terminalSocket.ts',
    find: "if (process.platform !== 'win32') await chmod(socket, 0o600);",
    replace: '',
    tests: terminalSocket,
  },
  {
    defence: 'a helper believes no descriptor that others can read or write',
    file: 'src/node/privateFiles.ts',
    find: "return process.platform === 'win32' || (mode & 0o077) === 0;",
    replace: 'return mode > 0;',
    tests: terminalSocket,
  },
  {
    defence: 'the consent of one terminal is not for another account',
    file: 'src/core/terminal/consent.ts',
    find: '(await allowed.has(terminal, account))',
    replace: "(await allowed.has(terminal, 'a'))",
    tests: consent,
  },
  {
    defence: 'an agent is asked about each time',
    file: 'src/core/terminal/consent.ts',
    find: 'if (terminal !== undefined && !asksAlways && (await',
    replace: 'if (terminal !== undefined && (await',
    tests: consent,
  },
  {
    defence: 'a denial holds for a while',
    file: 'src/core/terminal/consent.ts',
    find: 'deniedUntil.set(denial, now() + denialMs);',
    replace: '',
    tests: consent,
  },
  {
    defence: 'an answer counts only while somebody waits',
    file: 'src/core/terminal/consent.ts',
    find: '    // An answer counts only while somebody waits for it.\n    gone.throwIfAborted();\n',
    replace: '',
    tests: consent,
  },
  {
    defence: 'there is one question at a time',
    file: 'src/core/terminal/consent.ts',
    find: 'turn.then(() => decide(subject, gone))',
    replace: 'Promise.resolve().then(() => decide(subject, gone))',
    tests: consent,
  },
  {
    defence: 'a token is not printed to a screen unasked',
    file: 'src/node/helper/main.ts',
    find: "process.stdout.isTTY && options.form !== 'exec' && !options.show",
    replace: 'options.show && args.length === 0',
    tests: unit('node/helper/helper'),
  },
  {
    defence: 'a terminal obeys nothing that a message holds',
    file: 'src/node/helper/main.ts',
    find: "message.replaceAll(/[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+/gu, ' ')",
    replace: 'message',
    tests: unit('node/helper/helper'),
  },
  {
    defence: 'Revoke forgets what was allowed',
    file: 'src/vscode/terminal/allowedTerminals.ts',
    find: 'void (await Promise.all((await keys()).map((key) => secrets.delete(key))))',
    replace: 'void (await keys())',
    tests: unit('vscode/allowedTerminals'),
  },
  {
    defence: 'a tooltip that may run commands has no text that is Markdown',
    file: text,
    find: '`&#${character.codePointAt(0)};`',
    replace: 'character',
    tests: ['test/host/suite/statusBar.test.ts'],
  },
  {
    defence: 'a diagnosis has no secret',
    file: 'src/vscode/diagnose/diagnose.ts',
    find: 'text: redact(text, secrets)',
    replace: 'text',
    tests: ['test/e2e/diagnose.test.ts'],
  },
  {
    defence: 'a copied token leaves the clipboard, also where the window is loaded again',
    file: 'src/vscode/commands/clipboard.ts',
    find: 'void state.setPendingClear(pendingClear).catch(() => undefined)',
    replace: 'void pendingClear',
    tests: ['test/e2e/tokenHelpers.test.ts'],
  },
  {
    defence: 'no log has a secret',
    file: 'src/vscode/signIn/browserSignIn.ts',
    find: '`Signing in to ${deployment.origin} ',
    replace: '`Signing in to ${deployment.origin} with ${request.clientSecret} ',
    tests: ['test/e2e/secrecy.test.ts'],
  },
];
