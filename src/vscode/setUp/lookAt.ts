import { findDeployment } from '../../core/diagnosis.ts';
import { AiriskError, nextStepOf } from '../../core/errors.ts';
import { requestAuthorization } from '../../core/oauth/authorizationRequest.ts';
import { deploymentOrigin } from '../../core/oauth/deployment.ts';
import { createState } from '../../core/oauth/state.ts';
import { errorMessage } from '../errorMessages.ts';
import type { SetUpOfOne } from './setUpParts.ts';

/**
 * Looks at what a step has saved while the person goes on: whether AIRisk answers at the address, or knows the client.
 * @returns what is wrong; `undefined` if nothing is, or if it concerns a later step
 */
export async function lookAt(
  { entry, settings, redirects, http }: SetUpOfOne,
  step: 'baseUrl' | 'clientId',
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const values = entry.read();
    if (step === 'baseUrl') {
      await findDeployment(http(), deploymentOrigin(values.baseUrl), signal);
      return undefined;
    }
    const redirectUri = values.redirectUri || redirects.callback;
    const request = {
      deployment: settings.deploymentOf(values),
      redirectUri,
      userid: '',
      state: createState(),
    };
    await requestAuthorization(http(), request, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof AiriskError)) return undefined;
    return step === 'baseUrl' || nextStepOf(error) === 'clientId' ? errorMessage(error) : undefined;
  }
}
