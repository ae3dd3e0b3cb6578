import * as vscode from 'vscode';

const scheme = 'airisk-diagnosis';

/** Shows reports as read-only documents. A report travels in its address, so it survives a reload. */
export function registerReports(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: ({ query }) => query,
  });
}

/** The address of a document with this title and text. */
export function reportUri(title: string, text: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${title}.md`, query: text });
}
