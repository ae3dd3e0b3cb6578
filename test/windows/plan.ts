import * as z from 'zod/mini';
import { Answer } from '../../src/core/terminal/messages.ts';
import { HelperRequest } from '../../src/core/terminal/request.ts';

/** What a window on Windows is to do. */
export const Plan = z.object({
  folder: z.string(),
  /** The helper's bundle. */
  helper: z.string(),
  answer: Answer,
  lines: z.array(z.object({ shell: z.enum(['cmd', 'powershell']), line: z.string() })),
});
export type Plan = z.infer<typeof Plan>;

/** How a line ended. */
export const Ended = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
export type Ended = z.infer<typeof Ended>;

/** What came of a plan. */
export const Outcome = z.object({
  ended: z.array(Ended),
  requests: z.array(HelperRequest),
  isListed: z.boolean(),
  isListedAfter: z.boolean(),
});
export type Outcome = z.infer<typeof Outcome>;
