import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { isReviewed, next, renderForm } from '../__testUtils__/renderForm';

const STEP = {
  title: 'Project',
  schema: {
    properties: {
      provisioner: {
        title: 'Runs on',
        type: 'string',
        'ui:field': 'GenaiProvisionerPicker',
      },
      region: {
        title: 'Region',
        type: 'string',
        'ui:field': 'GenaiRegionPicker',
      },
    },
  },
};

async function formWithCloud(initialState?: object) {
  const form = await renderForm([STEP], { initialState });
  const [local] = form.api.provisioners;
  form.api.provisioners = [
    local,
    {
      ...local,
      id: 'cloud',
      title: 'The cloud',
      regions: ['north', 'south'],
      isDefault: false,
    },
  ];
  await form.render();
  return form;
}

const radio = (name: RegExp | string) => screen.findByRole('radio', { name });

describe('where an environment runs', () => {
  it('is not asked while there is one place only', async () => {
    const { onCreate, render } = await renderForm([STEP]);
    await render();
    await waitFor(() => expect(screen.queryByRole('status')).toBeNull());
    expect(screen.queryByRole('radio')).toBeNull();
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith({
      provisioner: 'local',
      region: 'local',
    });
  });

  it('is chosen, and the region with it', async () => {
    const { onCreate } = await formWithCloud();
    expect(await radio(/This machine/)).toBeChecked();
    expect(screen.queryByRole('radio', { name: 'north' })).toBeNull();

    await userEvent.click(await radio(/The cloud/));
    await waitFor(async () => expect(await radio('north')).toBeChecked());
    await userEvent.click(await radio('south'));
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith({
      provisioner: 'cloud',
      region: 'south',
    });
  });

  it('goes back to a region of the other place', async () => {
    const { onCreate } = await formWithCloud();
    await userEvent.click(await radio(/The cloud/));
    await userEvent.click(await radio('south'));
    await userEvent.click(await radio(/This machine/));
    await waitFor(() =>
      expect(screen.queryByRole('radio', { name: 'south' })).toBeNull(),
    );
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith({
      provisioner: 'local',
      region: 'local',
    });
  });

  it('refuses what came from an old link', async () => {
    await formWithCloud({ provisioner: 'cloud', region: 'west' });
    expect(
      await screen.findByText(
        'The cloud has no region west. Choose one of: north, south.',
      ),
    ).toBeInTheDocument();
    await next();
    await waitFor(() =>
      expect(screen.queryByRole('button', { name: 'Create' })).toBeNull(),
    );
    await userEvent.click(await radio('north'));
    await next();
    await isReviewed();
  });

  it('refuses a provisioner that is not there any more', async () => {
    const { render } = await renderForm([STEP], {
      initialState: { provisioner: 'gone', region: 'local' },
    });
    await render();
    expect(
      await screen.findByText(
        'Environments cannot run on gone here. Choose one of: local.',
      ),
    ).toBeInTheDocument();
  });
});
