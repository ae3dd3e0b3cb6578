import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';
import { until } from '../../harness/until.ts';

/** How a line that was sent to a shell ended. */
export interface Line {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The shell of a window's only terminal. */
export interface Shell {
  /** Sends a line and Enter, and waits until the shell begins with it. */
  begin(line: string): Promise<() => Promise<Line>>;
  /** Sends a line and waits for its end. */
  run(line: string): Promise<Line>;
}

/**
 * The shell of a window's only terminal, before and after a reload. It needs no keyboard, and not the process's id,
 * which VS Code does not always tell its extensions again after a reload. What a line prints goes to files: the
 * terminal itself shows what fits into it.
 * @param folder for those files
 */
export function shellOf(window: WorkbenchWindow, folder: string): Shell {
  let lines = 0;
  const begin = async (line: string): Promise<() => Promise<Line>> => {
    const name = join(folder, `line-${++lines}`);
    const read = (kind: string): Promise<string> => readFile(`${name}.${kind}`, 'utf8').catch(() => '');
    const isBegun = async (): Promise<boolean> => (await read('begun')) !== '';
    const run = `echo begun >'${name}.begun'; (${line}) >'${name}.out' 2>'${name}.err'; echo $? >'${name}.code'`;
    // After a reload the terminal comes back late, and may lose what is sent before: a line that is sent twice runs once.
    await until(async () => {
      await evaluateInHost(
        window,
        (api, sent) => {
          const [terminal] = api.window.terminals;
          terminal?.show();
          terminal?.sendText(sent);
        },
        `[ -e '${name}.begun' ] || { ${run}; }`,
      );
      for (let waited = 0; waited < 5_000 && !(await isBegun()); waited += 100) await delay(100);
      return isBegun();
    });
    return async () => {
      await until(async () => (await read('code')).endsWith('\n'));
      return { code: Number(await read('code')), stdout: await read('out'), stderr: await read('err') };
    };
  };
  return { begin, run: async (line) => (await begin(line))() };
}

/** Debugs a line of sh with a debugger that does nothing but run it in a terminal, as those of Node and Python do. */
export async function debugInTerminal(window: WorkbenchWindow, line: string): Promise<void> {
  const started = await evaluateInHost(
    window,
    (api, command) => {
      interface Message {
        readonly seq: number;
        readonly type: 'request' | 'response' | 'event';
        readonly command: string;
      }
      const sent = new api.EventEmitter<object>();
      let launch: Message | undefined;
      const respond = ({ seq, command: to }: Message): void =>
        sent.fire({ seq: 0, type: 'response', request_seq: seq, success: true, command: to });
      const handleMessage = (message: Message): void => {
        if (message.type === 'response') {
          if (launch) respond(launch);
          sent.fire({ seq: 0, type: 'event', event: 'terminated' });
        } else if (message.command === 'launch') {
          launch = message;
          const run = { kind: 'integrated', title: 'debugged', cwd: '/', args: ['sh', '-c', command] };
          sent.fire({ seq: 1, type: 'request', command: 'runInTerminal', arguments: run });
        } else {
          respond(message);
        }
      };
      api.debug.registerDebugAdapterDescriptorFactory('airisk-test', {
        createDebugAdapterDescriptor: () =>
          new api.DebugAdapterInlineImplementation({
            onDidSendMessage: sent.event,
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types leave messages empty
            handleMessage: (message) => handleMessage(message as Message),
            dispose: () => sent.dispose(),
          }),
      });
      return api.debug.startDebugging(undefined, { type: 'airisk-test', name: 'test', request: 'launch' });
    },
    line,
  );
  if (!started) throw new Error('The debug session did not start.');
}
