import * as vscode from 'vscode';
import { callAirisk } from './airisk.js';

/** What an agent calls: it runs as this extension, so that the user's consent is for this extension. */
export const listConversationsTool: vscode.LanguageModelTool<object> = {
  async invoke() {
    const response = await callAirisk('/api/GetConversations', { silent: true });
    const text = response?.ok ? await response.text() : 'AIRisk cannot be used: ask the user to sign in.';
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
  },
};
