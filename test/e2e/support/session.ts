import type {
  AuthenticationGetSessionOptions,
  AuthenticationSession,
  AuthenticationWwwAuthenticateRequest,
} from 'vscode';
import type { Consumer } from '../fixtures/consumer.ts';
import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';
import { quickInput } from '../../harness/workbench/quickInput.ts';
import { runCommand } from '../../harness/workbench/palette.ts';

/**
 * Calls `vscode.authentication.getSession` as a consumer extension.
 * @returns the session, or `null` where there is none
 * @throws an error with the name and message that the consumer got
 */
export async function getSessionAs(
  window: WorkbenchWindow,
  consumer: 'one' | 'two',
  scopes: readonly string[] | AuthenticationWwwAuthenticateRequest,
  options: AuthenticationGetSessionOptions = {},
): Promise<AuthenticationSession | null> {
  const answer = await evaluateInHost(
    window,
    (api, argument) =>
      api.extensions
        .getExtension<Consumer>(`airisk-test.consumer-${argument.consumer}`)
        ?.activate()
        .then((exports) => exports.getSession(argument.scopes, argument.options)),
    { consumer, scopes, options },
  );
  if (!answer) throw new Error(`consumer-${consumer} is not installed`);
  if ('session' in answer) return answer.session;
  throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
}

/** Signs in from the palette as a user picked from the list; the list comes after a generic sign-in. */
export async function signInAsUser(window: WorkbenchWindow, name: string): Promise<void> {
  await runCommand(window.page, 'AIRisk: Sign In as User');
  await pickUser(window, name);
}

/**
 * Types a name that is nobody's userid into the list of users, and picks that user when the rows for the text are there: on
 * rows that have just changed a click counts for nothing.
 */
export async function pickUser({ page }: WorkbenchWindow, name: string): Promise<void> {
  const picker = quickInput(page);
  await picker.waitForPlaceholder('Type a name or ID');
  await picker.type(name);
  await picker.widget.getByText(`Sign in as "${name}"`).waitFor();
  await picker.pick(name);
}
