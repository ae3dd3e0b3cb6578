import { primaryClient, seedUsers } from '../emulator/seed.ts';

/**
 * What `npm start` prints for a person to follow; a test follows it to the letter.
 * @param first where VS Code is
 */
export function startSteps(first: string): string[] {
  return [
    first,
    'Press F1 and run "AIRisk: Sign In". Base URL and client ID are set already.',
    `When the client secret is asked for, enter ${primaryClient.client_secret} and press Enter.`,
    'When it is asked how you return from the browser, select "Receive it in this editor".',
    'Select "As the application".',
    'A browser tab opens and comes back by itself: the status bar shows the session.',
    `Run "AIRisk: Sign In as User" and select "${seedUsers[0]?.name}" for a user's own session.`,
    'Press Ctrl+C here to end all of it.',
  ];
}
