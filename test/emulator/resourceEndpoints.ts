import { Hono } from 'hono';
import { answer, json, problem } from './answers.ts';
import { readBearer } from './bearer.ts';
import type { Env } from './env.ts';
import { showFault } from './faults.ts';
import type { BehaviourOptions } from './options.ts';
import type { EmulatorState } from './state.ts';

const usersPaths: readonly BehaviourOptions['usersPath'][] = ['/api/Users/ListUsers', '/api/ListUsers'];

/** The two documented requests that a token opens. */
export function resourceEndpoints(state: EmulatorState): Hono<Env> {
  const app = new Hono<Env>();

  for (const path of usersPaths) {
    app.use(path, async (c, next) => (state.options.usersPath === path ? await next() : c.body(null, 404)));
    app.get(path, showFault(state, 'users'), (c) => {
      if (readBearer(c, state).kind !== 'generic') return problem(401);
      const { users, listUsersShape: shape, numericIds } = state.options;
      if (shape === 'none') return new Response(null, { status: 204 });
      if (shape === 'null') return json({ users: null });
      const list = JSON.stringify(shape === 'array' ? users : { [shape]: users });
      const text = numericIds ? list.replaceAll(/"id":"(\d+)"/g, '"id":$1') : list;
      return answer(200, 'application/json', text);
    });
  }

  // The documented place, and the one that public clients use.
  for (const path of ['/api/GetConversations', '/api/Chat/GetConversations']) {
    app.get(path, showFault(state, 'conversations'), (c) => {
      const userid = readBearer(c, state).token?.userid;
      return userid === undefined ? problem(401) : json(conversationsOf(userid));
    });
  }

  return app;
}

function conversationsOf(userid: string): object[] {
  return ['Quarterly risk review', 'Supplier assessment'].map((title, index) => ({
    id: `conversation_${index + 1}`,
    userid,
    title,
  }));
}
