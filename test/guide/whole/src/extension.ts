import * as vscode from 'vscode';
import { callAirisk, forgetAccount } from './airisk.js';
import { Conversations } from './conversations.js';
import { registerMcpServer } from './mcpServer.js';
import { listConversationsTool } from './tool.js';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand('conversations.list', () => listConversations({})),
    vscode.commands.registerCommand('conversations.switchUser', () => {
      forgetAccount();
      return listConversations({ clearSessionPreference: true });
    }),
    new Conversations(),
    vscode.lm.registerTool('conversations_list', listConversationsTool),
    await registerMcpServer(),
  );
}

/** What a click does: it may ask, and says what went wrong. */
async function listConversations(options: vscode.AuthenticationGetSessionOptions): Promise<void> {
  try {
    const response = await callAirisk('/api/GetConversations', { ...options, createIfNone: true });
    if (!response?.ok) throw new Error(`AIRisk answered with HTTP ${response?.status}.`);
    const conversations: { title: string }[] = JSON.parse(await response.text());
    await vscode.window.showQuickPick(
      conversations.map(({ title }) => title),
      { title: 'AIRisk conversations' },
    );
  } catch (error) {
    if (isToldOrWanted(error)) return;
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

/** Whether the user wanted no sign-in, or has been told why there is none. */
function isToldOrWanted(error: unknown): boolean {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  // Mistakes of this extension: the user has been told nothing.
  if (name === 'AiriskInvalidScopes' || name === 'AiriskUnknownDeployment') return false;
  return name === 'Canceled' || name.startsWith('Airisk') || message.startsWith('User did not consent');
}
