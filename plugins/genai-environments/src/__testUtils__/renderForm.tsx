import { Stepper } from '@backstage/plugin-scaffolder-react/alpha';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  lifetimeField,
  modelField,
  nameField,
  ownerField,
  planField,
  provisionerField,
  publishTargetField,
  regionField,
  serviceField,
  tierField,
} from '../fields/fieldExtensions';
import { FakeGenaiEnvironmentsApi } from './FakeGenaiEnvironmentsApi';
import { environmentFixture } from './fixtures';
import { renderWithApi } from './renderWithApi';

const EXTENSIONS = [
  nameField,
  ownerField,
  provisionerField,
  regionField,
  tierField,
  modelField,
  serviceField,
  lifetimeField,
  planField,
  publishTargetField,
].map(field => ({ ...field, schema: field.schema.schema }));

/** The scaffolder's own form with these steps, so that its rules for fields hold. */
export async function renderForm(
  steps: Array<{ title: string; schema: object }>,
  options: { initialState?: object } = {},
) {
  const api = new FakeGenaiEnvironmentsApi([environmentFixture()]);
  const onCreate = jest.fn(async () => {});
  const render = () =>
    renderWithApi(
      <Stepper
        manifest={{ title: 'Create', steps: steps as any }}
        extensions={EXTENSIONS as any}
        initialState={options.initialState as any}
        onCreate={onCreate}
      />,
      { api },
    );
  return { api, onCreate, render };
}

/** Presses the button that goes on. */
export const next = () =>
  userEvent.click(screen.getByRole('button', { name: /^(Next|Review)$/ }));
/** Waits for the scaffolder's own last page. */
export const isReviewed = () => screen.findByRole('button', { name: 'Create' });
