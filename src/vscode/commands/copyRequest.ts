import * as vscode from 'vscode';
import { defaultName } from '../../core/oauth/configuredDeployments.ts';
import {
  requestPaths,
  requestWithHelper,
  requestWithToken,
  type SnippetForm,
  snippetForms,
} from '../../core/oauth/requestSnippets.ts';
import type { Session } from '../../core/sessions/session.ts';
import type { Questions } from '../questions.ts';
import { stillConfigured } from '../accountTarget.ts';
import type { SettingsReader } from '../settings.ts';
import { whoAndWhere } from '../wording.ts';
import type { CommandTarget } from './commandArgument.ts';
import { copyToken, isAllowed, pickUsable, type TokenCommandParts } from './tokenCommands.ts';

const { l10n } = vscode;

interface FormItem extends vscode.QuickPickItem {
  readonly form: SnippetForm;
  readonly withHelper: boolean;
}

const names: Record<SnippetForm, string> = {
  bash: 'bash',
  powershell: 'PowerShell',
  cmd: 'cmd',
  python: 'Python (requests)',
  http: '.http',
};

/** Copies a documented request in the form that the person picks, with the helper or with the token in it. */
export async function copyRequest(
  parts: TokenCommandParts,
  target: CommandTarget,
  argument: unknown,
): Promise<void> {
  const title = l10n.t('Copy an AIRisk request');
  const session = await pickUsable(parts, title, target);
  if (!session) return;
  const path = await pickPath(parts.questions, title, session.userid);
  if (path === undefined) return;
  const { origin } = session.deployment;
  const request = () => ({
    origin,
    path,
    userid: session.userid,
    deployment: nameFor(parts.settings, session),
  });
  const item = await parts.questions.pick(
    formItems((form) => requestWithHelper(form, request()) !== undefined),
    title,
    l10n.t('Select where to paste it'),
  );
  if (!item) return;
  const withHelper = item.withHelper ? requestWithHelper(item.form, request()) : undefined;
  if (withHelper === undefined) {
    const account = whoAndWhere(session, parts.settings);
    const question = l10n.t('Copy a request with the access token for {0}?', account);
    if (!(await isAllowed(parts, argument, question, l10n.t('Copy')))) return;
    const text = requestWithToken(item.form, request(), session.accessToken);
    await copyToken(
      parts,
      text,
      l10n.t(
        'The request with the access token for {0} is on the clipboard for one minute. A clipboard history may keep it longer.',
        account,
      ),
    );
    return;
  }
  await vscode.env.clipboard.writeText(withHelper);
  void vscode.window.showInformationMessage(
    l10n.t('The request is on the clipboard. It works in a terminal opened with "AIRisk: Open Terminal".'),
  );
}

/**
 * Names the deployment unless it is the only one that the helper can mean, then and later.
 * @throws AiriskError `settings_changed`
 */
function nameFor(settings: SettingsReader, { deployment }: Session): string | undefined {
  // With no name, the helper would send the token of whichever deployment is in use then.
  const { name } = stillConfigured(settings, deployment);
  return name === defaultName && settings.deployments().length === 1 ? undefined : name;
}

async function pickPath(questions: Questions, title: string, userid: string): Promise<string | undefined> {
  const [only, ...others] = requestPaths(userid);
  if (only === undefined || others.length === 0) return only;
  const items = [only, ...others].map((label) => ({ label }));
  return (await questions.pick(items, title, l10n.t('Select a request')))?.label;
}

/** The one for the shell that terminals run comes first. */
function formItems(hasHelper: (form: SnippetForm) => boolean): FormItem[] {
  const own = shellForm(vscode.env.shell);
  return [own, ...snippetForms.filter((form) => form !== own)].flatMap((form) => [
    ...(hasHelper(form)
      ? [
          {
            form,
            withHelper: true,
            label: names[form],
            description: l10n.t('Asks airisk-token for a token that works'),
          },
        ]
      : []),
    { form, withHelper: false, label: names[form], description: l10n.t('With the token written out') },
  ]);
}

function shellForm(shell: string): SnippetForm {
  if (/(powershell|pwsh)(\.exe)?$/i.test(shell)) return 'powershell';
  return /cmd(\.exe)?$/i.test(shell) ? 'cmd' : 'bash';
}
