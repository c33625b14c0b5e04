import { AwsEnvironment } from './AwsEnvironment';
import { removeDirectories } from './directories';
import {
  buildRuntime,
  killSpawnedRuntimes,
  type SpawnedRuntime,
} from './spawnRuntime';

const TEST_TIMEOUT_MS = 240_000;
const BUILD_TIMEOUT_MS = 180_000;

/** What tests of the bundle as tasks of ECS work with. */
export type AwsTests = {
  /** Of the running test. */
  readonly environment: AwsEnvironment;
  /** A task with all services that leaves the work to workers. */
  spawnApi(): Promise<SpawnedRuntime>;
  /** A task that only works. */
  spawnWorker(): Promise<SpawnedRuntime>;
};

/** Builds the bundle once, and gives each test of a `describe` an environment of its own. */
export function useAwsEnvironment(): AwsTests {
  let environment: AwsEnvironment;
  jest.setTimeout(TEST_TIMEOUT_MS);
  beforeAll(() => buildRuntime(), BUILD_TIMEOUT_MS);
  beforeEach(async () => {
    environment = await AwsEnvironment.create();
  });
  afterEach(async () => {
    await killSpawnedRuntimes();
    await environment.tearDown();
    await removeDirectories();
  });
  return {
    get environment() {
      return environment;
    },
    spawnApi: () =>
      environment.spawn({ args: ['--services', 'all', '--workers', 'none'] }),
    spawnWorker: () =>
      environment.spawn({ args: ['--services', '', '--workers', 'all'] }),
  };
}
