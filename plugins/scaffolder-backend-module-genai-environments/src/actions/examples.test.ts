import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { validate } from 'jsonschema';
import { parse } from 'yaml';
import { FakeEnvironmentsBackend } from '../__testUtils__/FakeEnvironmentsBackend';
import { apiOptions, createContext } from '../__testUtils__/context';
import { createEnvironmentCreateAction } from './create';
import { createEnvironmentDeleteAction } from './delete';
import { createEnvironmentPlanAction } from './plan';
import { createRepositoryPublishAction } from './repositoryPublish';
import { createServicesFetchAction } from './servicesFetch';
import { createSkeletonFetchAction } from './skeletonFetch';

const backend = new FakeEnvironmentsBackend();
const data = createMockDirectory();
const workspace = createMockDirectory();

const config = mockServices.rootConfig({
  data: { genaiEnvironments: { local: { dataDirectory: data.path } } },
});
const api = apiOptions({
  get baseUrl() {
    return backend.baseUrl;
  },
});
const actions = [
  createEnvironmentPlanAction(api),
  createEnvironmentCreateAction(api),
  createEnvironmentDeleteAction(api),
  createSkeletonFetchAction({ config }),
  createServicesFetchAction(),
  createRepositoryPublishAction({ ...api, config }),
] as unknown as TemplateAction[];

const examples = actions.flatMap(action =>
  action.examples!.map(({ description, example }) => ({
    id: action.id,
    ...{ description, example, action },
  })),
);

describe('examples', () => {
  beforeAll(() => backend.start());
  afterAll(() => backend.stop());
  beforeEach(() => {
    backend.records.clear();
    data.clear();
    workspace.setContent({
      'README.md': '# orders',
      services: { assistant: { 'README.md': '# assistant' } },
    });
  });

  it.each(examples)('$id: $description', async ({ action, example }) => {
    const [step] = parse(example).steps;
    expect(step.action).toBe(action.id);
    expect(validate(step.input, action.schema!.input!).errors).toEqual([]);

    const { context, outputs } = createContext({
      input: step.input,
      workspacePath: workspace.path,
      user: { ref: 'user:default/ada' },
    });
    await action.handler(context as never);

    expect(validate(outputs, action.schema!.output!).errors).toEqual([]);
    expect(Object.keys(outputs)).not.toEqual([]);
  });
});
