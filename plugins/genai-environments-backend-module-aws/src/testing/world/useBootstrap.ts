import {
  FOUNDATION_STACK_NAME,
  loadBlueprints,
} from '@genai-environments/aws-blueprints';
import { bootstrap } from '../../bootstrap/bootstrap';
import { createBootstrapClients } from '../../bootstrap/bootstrapClients';
import { readArguments } from '../../bootstrap/readArguments';
import { schemaOf } from '../fakeAws/cloudformation/schemas';
import { Template } from '../fakeAws/cloudformation/Template';
import { FakeAws } from '../fakeAws/FakeAws';
import { ACCOUNT, REGION } from './AwsWorld';
import { ensureBlueprintsBuilt } from './ensureBlueprintsBuilt';

/** Of another account. */
export const PORTAL = 'arn:aws:iam::999988887777:role/portal';

/** Calls that only read. */
const READS = /^(Get|Describe|List|Head)/;

/** An empty account, and `aws:bootstrap` with the bundled blueprints in it. Test code. */
export class BootstrapScene {
  aws!: FakeAws;
  private clients!: ReturnType<typeof createBootstrapClients>;

  constructor(private readonly regionName: string) {}

  async begin(): Promise<void> {
    this.aws = await FakeAws.start();
    this.connect('first');
  }

  end(): void {
    this.clients.destroy();
    this.aws.stop();
  }

  /** Another process takes over, after the first was killed. */
  reconnect(): void {
    this.clients.destroy();
    this.connect('second');
  }

  /** Runs the command; resolves with what it prints. */
  async run(...given: string[]): Promise<string> {
    const blueprints = loadBlueprints();
    const printed: string[] = [];
    await bootstrap({
      ...{ clients: this.clients, blueprints },
      asked: readArguments(
        ['--region', this.regionName, ...given],
        blueprints.manifest.foundation.parameters,
      ),
      sleep: async ms => this.aws.clock.advance(ms),
      now: this.aws.clock.now,
      print: text => printed.push(text),
    });
    return printed.join('\n');
  }

  get region() {
    return this.aws.region(ACCOUNT, this.regionName);
  }

  /** The stack of the foundation, if there is one. */
  get foundation() {
    return this.region
      .live()
      .find(({ name }) => name === FOUNDATION_STACK_NAME);
  }

  /** A copy of the template of the foundation, for older versions of it. */
  readFoundation(): any {
    const blueprints = loadBlueprints();
    return JSON.parse(blueprints.readTemplate(blueprints.manifest.foundation));
  }

  /** Makes a stack of the foundation's name, past the command. */
  deploy(template: object): void {
    this.aws.deploy(ACCOUNT, this.regionName, {
      name: FOUNDATION_STACK_NAME,
      template: new Template(template),
    });
  }

  /** Names of the calls that do more than read. */
  get changes(): string[] {
    return this.aws.calls
      .map(({ operation }) => operation)
      .filter(operation => !READS.test(operation));
  }

  /** Keys of the templates that were uploaded. */
  get templates(): string[] {
    const bucket = this.foundation!.outputs.find(
      ({ key }) => key === 'TemplateBucketName',
    )!.value;
    return [...this.region.buckets.get(bucket)!.keys()];
  }

  private connect(process: string): void {
    this.clients = createBootstrapClients({
      ...this.aws.clientOptions(process),
      region: this.regionName,
      credentials: FakeAws.credentialsOf(ACCOUNT),
    });
  }
}

/** An empty account for each test of the suite. */
export function useBootstrap(regionName: string = REGION): BootstrapScene {
  const scene = new BootstrapScene(regionName);
  // Reading the schemas of AWS takes seconds, once.
  beforeAll(() => {
    ensureBlueprintsBuilt();
    schemaOf('AWS::S3::Bucket');
  }, 60_000);
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());
  return scene;
}
