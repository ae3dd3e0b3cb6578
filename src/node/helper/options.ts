import { isUserid } from '../../core/oauth/userid.ts';

/** What the helper was asked for. */
export interface Options {
  readonly form: 'token' | 'header' | 'json' | 'exec' | 'help';
  /** Absent for the session in use, empty for the generic token. */
  readonly userid: string | undefined;
  readonly deployment: string | undefined;
  /** In seconds. */
  readonly minLifetime: number;
  /** True when the token may be printed to a terminal. */
  readonly show: boolean;
  /** The program of `exec` and its arguments. */
  readonly command: readonly string[];
}

/** What `--help` prints. */
export const usage = `Usage: airisk-token [options]
       airisk-token exec [options] -- PROGRAM [ARGUMENT...]

Prints an AIRisk access token that works, from the VS Code window of this terminal. VS Code asks you first.
exec runs a program with AIRISK_TOKEN and AIRISK_BASE_URL set for it alone.

  --userid ID              the token of this user; without it, of the account in use
  --generic                the generic token, of the application itself
  --deployment NAME        of this deployment; without it, of the one in use
  --min-lifetime SECONDS   renewed first when less is left (30)
  --header                 print an Authorization header: airisk-token --header | curl -H @- URL
  --json                   print the token, its expiration, the seconds left, the userid and the origin
  --show                   print even to a terminal, where it can be read and is kept
  --help                   print this

Exit codes: 0 done, 2 usage, 3 no VS Code answers, 4 denied, 5 not signed in, 6 failed.
`;

const defaultMinLifetime = 30;

/**
 * Reads the command line.
 * @throws Error with one line that says what is wrong with it
 */
export function parseOptions(args: readonly string[]): Options {
  const options = {
    form: 'token',
    userid: undefined,
    deployment: undefined,
    minLifetime: defaultMinLifetime,
    show: false,
    command: [],
  } as { -readonly [Name in keyof Options]: Options[Name] };
  const rest = [...args];
  const value = (name: string): string => {
    const next = rest.shift();
    if (next === undefined || next === '') throw new Error(`${name} needs a value.`);
    return next;
  };
  const setForm = (form: Options['form']): void => {
    if (options.form !== 'token') throw new Error('Choose one of --header, --json and exec.');
    options.form = form;
  };
  const setUserid = (userid: string): void => {
    if (options.userid !== undefined) throw new Error('Choose one of --userid and --generic.');
    if (userid !== '' && !isUserid(userid)) throw new Error(`${JSON.stringify(userid)} is no user ID.`);
    options.userid = userid;
  };
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    switch (argument) {
      case '--help':
      case '-h':
        return { ...options, form: 'help' };
      case '--userid':
        setUserid(value(argument));
        break;
      case '--generic':
        setUserid('');
        break;
      case '--deployment':
        options.deployment = value(argument);
        break;
      case '--min-lifetime':
        options.minLifetime = seconds(value(argument));
        break;
      case '--header':
        setForm('header');
        break;
      case '--json':
        setForm('json');
        break;
      case '--show':
        options.show = true;
        break;
      case 'exec':
        setForm('exec');
        break;
      case '--':
        if (options.form !== 'exec') throw new Error('-- belongs to exec.');
        options.command = rest.splice(0);
        break;
      default:
        throw new Error(`${JSON.stringify(argument)} is not known.`);
    }
  }
  if (options.form === 'exec' && options.command.length === 0)
    throw new Error('exec needs -- and a program.');
  return options;
}

function seconds(text: string): number {
  // A day: no token of AIRisk lives longer, and nothing larger is a number of seconds by intent.
  if (!/^\d{1,5}$/.test(text) || Number(text) > 86_400)
    throw new Error('--min-lifetime takes 0 to 86400 seconds.');
  return Number(text);
}
