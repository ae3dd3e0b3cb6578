/**
 * What `activate()` of `airisk.airisk-authentication` returns. Metadata only: tokens come from
 * `vscode.authentication.getSession('airisk', …)`, where the user's consent is asked.
 */
export interface AiriskAuthenticationApi {
  readonly apiVersion: 1;
}
