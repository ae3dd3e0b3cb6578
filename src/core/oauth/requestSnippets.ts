/** Where a request can be pasted. */
export const snippetForms = ['bash', 'powershell', 'cmd', 'python', 'http'] as const;
/** One of {@link snippetForms}. */
export type SnippetForm = (typeof snippetForms)[number];

/** A documented request of one session. */
interface SnippetRequest {
  readonly origin: string;
  /** One of {@link requestPaths}. */
  readonly path: string;
  /** Empty for the generic token. */
  readonly userid: string;
  /** The name of the deployment for the helper; absent for the one in use. */
  readonly deployment?: string | undefined;
}

/**
 * The requests that a token is for: `ListUsers` for a generic one, `GetConversations` for a user's, at the place in
 * the documentation and at the one that public clients use.
 * @see airisk-api.md, Using a token
 */
export function requestPaths(userid: string): readonly string[] {
  return userid === ''
    ? ['/api/Users/ListUsers']
    : ['/api/GetConversations', '/api/Chat/GetConversations?results=50'];
}

/** The text of a request with the token written out: it works as long as the token does. */
export function requestWithToken(form: SnippetForm, { origin, path }: SnippetRequest, token: string): string {
  const url = origin + path;
  const header = `Authorization: Bearer ${token}`;
  switch (form) {
    case 'bash':
      return `curl --header ${quotePosix(header)} ${quotePosix(url)}`;
    case 'powershell':
      // Not curl: Windows PowerShell has another program by that name, and Linux none called curl.exe.
      return `Invoke-RestMethod -Uri ${quotePowerShell(url)} -Headers @{ Authorization = ${quotePowerShell(`Bearer ${token}`)} }`;
    case 'cmd':
      return `curl --header ${quoteCmd(header)} ${quoteCmd(url)}`;
    case 'python':
      return pythonWithToken(url, token);
    case 'http':
      return `GET ${url}\n${header}\n`;
  }
}

/**
 * The text of a request that asks `airisk-token` for the token each time: nothing in it is secret, and it works as
 * long as the session does.
 * @returns `undefined` when the form cannot carry the userid: a batch file such as the helper is reads it twice
 */
export function requestWithHelper(form: SnippetForm, request: SnippetRequest): string | undefined {
  const url = request.origin + request.path;
  const args = helperArguments(request);
  const command = (quote: (text: string) => string): string =>
    ['airisk-token', ...args.map((text) => (isPlain(text) ? text : quote(text)))].join(' ');
  switch (form) {
    case 'bash':
      return `${command(quotePosix)} --header | curl --header @- ${quotePosix(url)}`;
    case 'powershell':
      return `Invoke-RestMethod -Uri ${quotePowerShell(url)} -Headers @{ Authorization = "Bearer $(${command(quotePowerShell)})" }`;
    case 'cmd':
      return args.every((text) => /^[\w .@:+-]*$/.test(text))
        ? `${command((text) => `"${text}"`)} --header | curl --header @- ${quoteCmd(url)}`
        : undefined;
    case 'python':
      return pythonWithHelper(request, args);
    case 'http':
      return `# httpYac sends this from a terminal:
# ${command(quotePosix).replace('airisk-token', 'airisk-token exec')} -- httpyac send --all FILE.http
GET ${url}
Authorization: Bearer {{$processEnv AIRISK_TOKEN}}
`;
  }
}

function helperArguments({ userid, deployment }: SnippetRequest): string[] {
  const whose = userid === '' ? ['--generic'] : ['--userid', userid];
  return deployment === undefined ? whose : [...whose, '--deployment', deployment];
}

/** True for an option or a word that every shell reads the same way; PowerShell splits `-a.b` in two. */
function isPlain(text: string): boolean {
  return /^(--[a-z-]+|\w[\w.-]*)$/.test(text);
}

function pythonWithToken(url: string, token: string): string {
  return `import requests

answer = requests.get(
    ${JSON.stringify(url)},
    headers={"Authorization": ${JSON.stringify(`Bearer ${token}`)}},
    timeout=30,
)
answer.raise_for_status()
print(answer.json())
`;
}

function pythonWithHelper({ origin, path }: SnippetRequest, args: readonly string[]): string {
  return `import json
import shutil
import subprocess
import time

import requests


class AiriskAuth(requests.auth.AuthBase):
    """Asks VS Code for a token shortly before the last one ends, and once more when it is refused."""

    def __init__(self, origin, *arguments):
        self.origin = origin
        self.command = [shutil.which("airisk-token") or "airisk-token", "--json", *arguments]
        self.end = self.renewal = 0

    def renew(self):
        # More than the last one has left: such a token is another one. The helper takes a day at most.
        seconds = min(max(0, int(self.end - time.time())) + 2, 86400)
        command = [*self.command, "--min-lifetime", str(seconds)]
        answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        self.token, left = answer["token"], answer["seconds_left"]
        self.end = time.time() + left
        self.renewal = self.end - min(60, left / 5)

    def is_ours(self, request):
        # A redirect takes the hook along, also to another server, for which the token is not.
        return request.url.startswith(self.origin + "/")

    def authorize(self, request):
        request.headers["Authorization"] = "Bearer " + self.token
        return request

    def __call__(self, request):
        if not self.is_ours(request):
            return request
        if time.time() >= self.renewal:
            self.renew()
        request.register_hook("response", self.again)
        return self.authorize(request)

    def again(self, response, **options):
        if response.status_code != 401 or not self.is_ours(response.request):
            return response
        response.content
        response.close()
        self.renew()
        answer = response.connection.send(self.authorize(response.request.copy()), **options)
        answer.history.append(response)
        return answer


auth = AiriskAuth(${[origin, ...args].map((text) => JSON.stringify(text)).join(', ')})
answer = requests.get(${JSON.stringify(origin + path)}, auth=auth, timeout=30)
answer.raise_for_status()
print(answer.json())
`;
}

/** Quotes one argument for any POSIX shell. @see POSIX.1-2017, Shell Command Language, §2.2.2 */
export function quotePosix(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Quotes one argument for PowerShell, which takes typographic quotes for single quotes too. Windows PowerShell 5.1
 * loses double quotes on the way to a program whatever the quoting; RFC 6750 §2.1 tokens have none.
 * @see about_Quoting_Rules
 */
export function quotePowerShell(text: string): string {
  return `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;
}

/**
 * Quotes one argument of a program for the prompt of cmd: for the program first, then each sign that cmd would obey,
 * also inside quotes.
 * @see Windows, CommandLineToArgvW
 */
export function quoteCmd(text: string): string {
  const argument = `"${text.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/\\+$/, '$&$&')}"`;
  return /["%!^]/.test(text) ? argument.replaceAll(/[()%!^"<>&|]/g, '^$&') : argument;
}
