import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Stage, stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand, showPalette } from '../harness/workbench/palette.ts';
import { succeeds, until } from '../harness/until.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { changeSettings, clearNotifications, executeCommand, signInForTests } from './support/host.ts';
import { debugInTerminal, type Line, type Shell, shellOf } from './support/terminal.ts';
import { screenshotThemes } from './support/themes.ts';
import { filesIn, keptBy } from './support/written.ts';

describe('airisk-token in a terminal of the workbench', function () {
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let folder: string;
  let shell: Shell;
  const picker = () => quickInput(window.page);
  const question = async (title: string): Promise<void> => {
    await picker().widget.getByText(title).waitFor();
  };
  /** Answers the question as somebody who has read it. */
  const answer = (label: string): Promise<void> => picker().pickRead(label);
  const list = (): string =>
    `airisk-token --header | curl --silent --fail --header @- ${stage.emulator.origin}/api/GetConversations`;
  const openTerminal = async (): Promise<void> => {
    const count = (): Promise<number> => evaluateInHost(window, (api) => api.window.terminals.length);
    await evaluateInHost(window, (api) => {
      for (const terminal of api.window.terminals) terminal.dispose();
    });
    await until(async () => (await count()) === 0);
    await runCommand(window.page, 'AIRisk: Open Terminal');
    await until(async () => (await count()) === 1);
    assert.equal((await shell.run('command -v airisk-token')).code, 0);
  };

  before(async function () {
    stage = stageOf(this);
    folder = await mkdtemp(join(tmpdir(), 'terminal-'));
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    shell = shellOf(window, folder);
    await signInForTests(window, 'user_42');
  });
  after(async () => {
    await window.context.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('asks before it gives a token, Deny first', async () => {
    await openTerminal();
    const ended = await shell.begin(list());
    await question('The terminal "AIRisk" asks for an AIRisk access token');
    assert.deepEqual(await picker().labels(), ['Deny', 'Allow Once', 'Allow for This Terminal']);
    assert.match(await picker().placeholder(), /user_42.* at 127\.0\.0\.1|user_42/);
    await screenshotThemes(window, 'terminal-question');
    // Meant for the shell, as Enter is.
    await window.page.keyboard.type('allow');
    // The first one may only mark what is to be taken. Harmless in the shell, where the question is gone already.
    await until(async () => {
      await window.page.keyboard.press('Enter');
      return succeeds(picker().widget.waitFor({ state: 'hidden', timeout: 1_000 }));
    });
    const { code, stdout, stderr } = await ended();
    assert.notEqual(code, 0);
    assert.equal(stdout, '');
    assert.match(stderr, /airisk-token: Denied in VS Code/);
    const again = await shell.run('airisk-token | cat; exit ${PIPESTATUS[0]}');
    assert.equal(again.code, 4, 'nobody is asked again at once');
  });

  it('lists conversations after one consent, past the end of the token', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 6 });
    await signInForTests(window, 'user_42');
    await openTerminal();
    const first = await shell.begin(list());
    await question('The terminal "AIRisk"');
    await answer('Allow for This Terminal');
    assert.match((await first()).stdout, /Quarterly risk review/);
    const token = (await shell.run('airisk-token | cat')).stdout.trim();
    assert.ok(token.length > 20);
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3_600 });
    const works = async (): Promise<boolean> =>
      (
        await fetch(`${stage.emulator.origin}/api/GetConversations`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).ok;
    await until(async () => !(await works()));
    assert.match((await shell.run(list())).stdout, /Quarterly risk review/);
    await screenshot(window.page, 'terminal');
  });

  it('goes on in the same shell after the window is loaded again', async () => {
    const pid = (await shell.run('echo $$')).stdout;
    await reloadWindow(window);
    assert.equal((await shell.run('echo $$')).stdout, pid);
    assert.match((await shell.run(list())).stdout, /Quarterly risk review/);
    const marks = window.page.locator(
      '.terminal-tabs-entry .codicon-warning, .single-terminal-tab .codicon-warning',
    );
    assert.equal(await marks.count(), 0);
  });

  it('asks each time for an agent in a terminal that is allowed', async () => {
    for (let i = 0; i < 2; i++) {
      const ended = await shell.begin('CLAUDECODE=1 airisk-token | wc -c');
      await question('An AI agent asks for an AIRisk access token (CLAUDECODE)');
      assert.deepEqual(await picker().labels(), ['Deny', 'Allow Once']);
      await answer('Allow Once');
      assert.ok(Number((await ended()).stdout) > 20);
    }
  });

  it('has what lives offline, and says what is wrong when it does not live any more', async () => {
    const { client } = stage.emulator;
    const ask = () => shell.run('airisk-token | cat; exit ${PIPESTATUS[0]}');
    const untilRefused = async (): Promise<Line> => {
      let ended = await ask();
      while (ended.code === 0) ended = await ask();
      return ended;
    };
    await client.setOptions({ tokenLifetimeSeconds: 10 });
    await signInForTests(window, 'user_42');
    await client.setOffline(true);
    assert.equal((await ask()).code, 0);
    const offline = await untilRefused();
    await client.setOffline(false);
    assert.equal(offline.code, 6, offline.stderr);
    assert.match(offline.stderr, /cannot be reached/);
    await signInForTests(window, 'user_42');
    await client.setOptions({ mode: 'login' });
    const expired = await untilRefused();
    assert.equal(expired.code, 5, expired.stderr);
    assert.match(expired.stderr, /cannot be renewed without you/);
    await client.setOptions({ mode: 'immediate', tokenLifetimeSeconds: 3600 });
    await signInForTests(window, 'user_42');
  });

  it('takes its question away with Ctrl+C', async () => {
    await shell.begin('AI_AGENT=1 airisk-token | cat');
    await question('An AI agent');
    await window.page.locator('.terminal.xterm').first().click();
    await window.page.keyboard.press('Control+C');
    await picker().widget.waitFor({ state: 'hidden' });
  });

  it('brings its question back, Deny first again, when something else has hidden it, until it is left', async () => {
    const pointedAt = picker().widget.locator('.monaco-list-row.focused');
    const hideQuestion = async (): Promise<void> => {
      await showPalette(window.page);
      await notifications(window.page).waitFor('AIRisk is waiting for your answer: An AI agent asks');
    };
    const allowed = await shell.begin('AI_AGENT=1 airisk-token | wc -c');
    await question('An AI agent');
    await window.page.keyboard.press('ArrowDown');
    await pointedAt.filter({ hasText: 'Allow Once' }).waitFor();
    await hideQuestion();
    await window.page.keyboard.press('Escape');
    await question('An AI agent');
    await pointedAt.filter({ hasText: 'Deny' }).waitFor();
    assert.deepEqual(await picker().labels(), ['Deny', 'Allow Once']);
    await answer('Allow Once');
    assert.ok(Number((await allowed()).stdout) > 20);
    await clearNotifications(window);
    const denied = await shell.begin('AI_AGENT=1 airisk-token | cat; exit ${PIPESTATUS[0]}');
    await question('An AI agent');
    await hideQuestion();
    await notifications(window.page).click('AIRisk is waiting for your answer', 'Cancel');
    assert.equal((await denied()).code, 4);
    await window.page.keyboard.press('Escape');
    await picker().waitUntilClosed();
  });

  it('leaves no token where others look: environment, histories, state on disk, logs', async () => {
    const token = (await shell.run('airisk-token | cat')).stdout.trim();
    const planted = `planted-${token.slice(-20)}`;
    // As somebody does who pastes one.
    await shell.run(`echo ${planted}`);
    const environment = (await shell.run("tr '\\0' '\\n' </proc/$$/environ")).stdout;
    assert.match(environment, /^AIRISK_TERMINAL=\//m);
    await reloadWindow(window);
    await shell.run('history -w');
    const written = [
      { where: 'the environment of the shell', text: environment },
      ...(await filesIn(dirname(stage.server.userDataDir))),
      ...(await keptBy(window.page)),
    ];
    const has = (text: string): string[] =>
      written.filter((one) => one.text.includes(text)).map(({ where }) => where);
    assert.notDeepEqual(has(planted), [], 'else the search would have looked in the wrong places');
    assert.deepEqual(has(token), []);
  });

  it('stops at Revoke Terminal Access', async () => {
    await runCommand(window.page, 'AIRisk: Revoke Terminal Access');
    await notifications(window.page).waitFor('Terminals get no AIRisk token any more');
    await clearNotifications(window);
    const { code, stderr } = await shell.run('airisk-token | cat; exit ${PIPESTATUS[0]}');
    assert.equal(code, 3);
    assert.match(stderr, /AIRisk: Open Terminal/);
  });

  it('is in every terminal, also of a task and a debug session, when the setting says so, and in none when it says off', async () => {
    await changeSettings(window, { terminal: 'all' });
    const runTask = (line: string): Promise<number | undefined> =>
      evaluateInHost(
        window,
        (api, command) =>
          new Promise<number | undefined>((resolve) => {
            const task = new api.Task(
              { type: 'shell' },
              api.TaskScope.Workspace,
              'airisk-token',
              'test',
              new api.ShellExecution(command),
            );
            api.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
              if (execution.task.name === 'airisk-token') resolve(exitCode);
            });
            void api.tasks.executeTask(task);
          }),
        line,
      );
    await until(async () => (await runTask('command -v airisk-token')) === 0);
    const asked = runTask('airisk-token | cat');
    await picker().widget.getByText('asks for an AIRisk access token').waitFor();
    await answer('Allow Once');
    assert.equal(await asked, 0);
    const found = join(folder, 'debugged.txt');
    await debugInTerminal(window, `command -v airisk-token > '${found}'`);
    await until(async () => (await readFile(found, 'utf8').catch(() => '')).endsWith('airisk-token\n'));
    await changeSettings(window, { terminal: 'off' });
    await until(async () => (await runTask('command -v airisk-token')) !== 0);
    await changeSettings(window, { terminal: undefined });
  });

  it('is a profile in the menu of terminals, too', async () => {
    const created = executeCommand(window, 'workbench.action.terminal.newWithProfile');
    await picker().pick(/AIRisk$/);
    await created;
    const hasHelper = (): Promise<boolean> =>
      evaluateInHost(window, (api) => {
        const options = api.window.terminals.at(-1)?.creationOptions;
        return Boolean(options && 'env' in options && options.env?.['AIRISK_TOKEN_HELPER']);
      });
    await until(hasHelper);
  });
});
