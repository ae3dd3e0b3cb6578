import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as vscode from 'vscode';
import { callAirisk } from './airisk.js';

/** Offers AIRisk to the agents of this window: an MCP server inside the extension, on a port of this computer. */
export async function registerMcpServer(): Promise<vscode.Disposable> {
  // Every program and every web page can reach a port: the server answers VS Code alone.
  const authorization = `Bearer ${randomBytes(32).toString('hex')}`;
  const http = createServer((request, response) => {
    if (request.headers.authorization === authorization) void answer(request, response);
    else response.writeHead(403).end();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (!address || typeof address === 'string') throw new Error('The MCP server has no port.');
  const uri = vscode.Uri.parse(`http://127.0.0.1:${address.port}/mcp`);
  const provider = vscode.lm.registerMcpServerDefinitionProvider('conversations', {
    // Nothing in the definition depends on a token, so VS Code never has a reason to restart the server.
    provideMcpServerDefinitions: () => [
      new vscode.McpHttpServerDefinition(
        'AIRisk Conversations',
        uri,
        { Authorization: authorization },
        '1.0.0',
      ),
    ],
    // Called when somebody starts the server: the place to ask for access.
    resolveMcpServerDefinition: async (definition) => {
      await vscode.authentication.getSession('airisk', ['user'], { createIfNone: true });
      return definition;
    },
  });
  return vscode.Disposable.from(provider, {
    dispose: () => {
      http.close();
      http.closeAllConnections();
    },
  });
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const server = createTools();
  const transport = new StreamableHTTPServerTransport();
  response.once('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}

/** The tools. Each call asks for a token, so a renewal between two calls or during one changes nothing. */
function createTools(): McpServer {
  const server = new McpServer({ name: 'airisk-conversations', version: '1.0.0' });
  server.registerTool(
    'list_conversations',
    { description: 'Lists the AIRisk conversations of the user.', annotations: { readOnlyHint: true } },
    async () => {
      const response = await callAirisk('/api/GetConversations', { silent: true });
      const text = response?.ok ? await response.text() : 'AIRisk cannot be used: ask the user to sign in.';
      return { content: [{ type: 'text', text }], isError: response?.ok !== true };
    },
  );
  return server;
}
