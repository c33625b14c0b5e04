import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EnvironmentApi } from '../EnvironmentApi';

/** What an environment is told of its applications. */
export type Listener = Pick<
  EnvironmentApi,
  'putApplication' | 'deleteApplication'
>;

/**
 * An environment that may be unable to listen: its silence is noted and stops nobody, and
 * after the first one it is told nothing more. Once it is Ready again it is told all, also
 * whom to forget.
 */
export function whileItAnswers(api: Listener, logger: LoggerService): Listener {
  let isSilent = false;
  const tell = async (run: () => Promise<void>) => {
    if (isSilent) return;
    try {
      await run();
    } catch (error) {
      isSilent = true;
      logger.warn(`Applications are made without the environment: ${error}`);
    }
  };
  return {
    putApplication: (clientId, application) =>
      tell(() => api.putApplication(clientId, application)),
    deleteApplication: clientId => tell(() => api.deleteApplication(clientId)),
  };
}
