import type { Authorization } from './authorization.ts';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function document(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body>
${body}
</body></html>
`;
}

/** The page that a deployment in login mode shows before it redirects. */
export function loginPage(ticket: string, request: Authorization): string {
  const subject = request.userid === undefined ? 'itself' : escapeHtml(request.userid);
  return document(
    'AIRisk - Sign in',
    `<h1>AIRisk</h1>
<p><b>${escapeHtml(request.clientId)}</b> asks for access on behalf of <b>${subject}</b>.</p>
<form method="post" action="/login">
<input type="hidden" name="ticket" value="${escapeHtml(ticket)}">
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form>`,
  );
}

/** A page of the authorization endpoint that leads nowhere. */
export const noRedirectPage = document('AIRisk', '<h1>AIRisk</h1>\n<p>Welcome back.</p>');

/** What a network's own gateway answers in the place of any site. */
export const captivePortalPage = document(
  'Guest network',
  '<h1>Guest network</h1>\n<p>Accept the terms of use to go online.</p>\n<form method="post" action="/accept"><button>Accept</button></form>',
);

/** What Azure App Service's front end answers when the application behind it does not. */
export const badGatewayPage = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>
<title>502 - Web server received an invalid response while acting as a gateway or proxy server.</title>
</head>
<body>
<div id="header"><h1>Server Error</h1></div>
<div id="content">
<h2>502 - Web server received an invalid response while acting as a gateway or proxy server.</h2>
<h3>There is a problem with the page you are looking for, and it cannot be displayed. When the Web server (while acting as a gateway or proxy) contacted the upstream content server, it received an invalid response from the content server.</h3>
</div>
</body>
</html>
`;

/** The body that some servers give to a redirect. */
export const movedPage = document('Object moved', '<h2>Object moved to another place.</h2>');

/** What a login proxy shows in a browser; whoever comes again has signed in. */
export const proxyLoginPage = document(
  'Company sign-in',
  '<h1>Company sign-in</h1>\n<p><a href="">Sign in</a></p>',
);

/** What a proxy says of a request that it does not understand. */
export const badRequestPage = document('400 Bad Request', '<h1>400 Bad Request</h1>\n<p>nginx</p>');

/** What a firewall says of a request that it does not let through. */
export const forbiddenPage = document(
  'Access denied',
  '<h1>Access denied</h1>\n<p>Ask your administrator.</p>',
);
