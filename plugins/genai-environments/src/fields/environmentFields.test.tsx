import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../__testUtils__/fakeErrors';
import { isReviewed, next, renderForm } from '../__testUtils__/renderForm';

const MODELS_STEP = {
  title: 'Environment',
  schema: {
    required: ['tier', 'models', 'services'],
    properties: {
      tier: { type: 'string', 'ui:field': 'GenaiTierPicker' },
      models: {
        type: 'array',
        items: { type: 'string' },
        'ui:field': 'GenaiModelPicker',
      },
      services: {
        type: 'array',
        items: { type: 'string' },
        'ui:field': 'GenaiServicePicker',
      },
      expiresAfter: { type: 'string', 'ui:field': 'GenaiLifetimePicker' },
    },
  },
};

describe('GenaiTierPicker', () => {
  it('offers what the default provisioner has and starts with the first', async () => {
    const { onCreate, render } = await renderForm([MODELS_STEP]);
    await render();
    const tier = await screen.findByRole('radio', {
      name: /Sandbox.*To try things out/,
    });
    await waitFor(() => expect(tier).toBeChecked());
    expect(screen.getAllByRole('radio')).toHaveLength(1);

    // Four fields start with a value of their own at the same time; none is lost.
    await waitFor(() =>
      expect(screen.getByRole('checkbox', { name: /^App/ })).toBeChecked(),
    );
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith({
      tier: 'sandbox',
      models: ['local.extractive', 'local.embedding'],
      services: ['model-invocation', 'prompt-management', 'app'],
      expiresAfter: 'P7D',
    });
  });

  it('offers the tiers of the provisioner that the form asks for', async () => {
    const { api, onCreate, render } = await renderForm([MODELS_STEP], {
      initialState: { provisioner: 'cloud' },
    });
    api.provisioners = [
      ...api.provisioners,
      {
        ...api.provisioners[0],
        id: 'cloud',
        tiers: ['standard', 'isolated'],
        isDefault: false,
      },
    ];
    await render();
    await waitFor(async () =>
      expect(
        await screen.findByRole('radio', { name: /Standard/ }),
      ).toBeChecked(),
    );
    await userEvent.click(screen.getByRole('radio', { name: /Isolated/ }));
    expect(screen.queryByRole('radio', { name: /Sandbox/ })).toBeNull();
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith(
      expect.objectContaining({ tier: 'isolated' }),
    );
  });

  it('refuses a tier that came from an old link', async () => {
    const { render } = await renderForm([MODELS_STEP], {
      initialState: { tier: 'standard' },
    });
    await render();
    const problem =
      'This machine has no tier standard. Choose one of: sandbox.';
    expect(await screen.findByText(problem)).toBeInTheDocument();
    expect(screen.getByRole('radio', { name: /Sandbox/ })).not.toBeChecked();
    await next();
    // Above the form, and once below the field.
    await screen.findByText(`'Tier' ${problem}`);
    expect(screen.getAllByText(problem)).toHaveLength(1);
    expect(screen.queryByRole('button', { name: 'Create' })).toBeNull();

    await userEvent.click(screen.getByRole('radio', { name: /Sandbox/ }));
    await next();
    await isReviewed();
  });

  it('shows that it loads, an error, and tries again', async () => {
    const { api, render } = await renderForm([MODELS_STEP]);
    let refuse: (error: Error) => void = () => {};
    const list = jest.spyOn(api, 'listProvisioners').mockReturnValue(
      new Promise((_, reject) => {
        refuse = reject;
      }),
    );
    await render();
    expect(
      screen.getByRole('status', { name: 'Loading tiers' }),
    ).toBeInTheDocument();
    refuse(new TypeError('Failed to fetch'));
    const alerts = await screen.findAllByRole('alert');
    expect(alerts.map(alert => alert.textContent)).toEqual(
      ['tiers', 'models', 'services'].map(what =>
        expect.stringMatching(
          `The ${what} could not be read.*The portal does not answer.*try again`,
        ),
      ),
    );

    list.mockRestore();
    await userEvent.click(
      within(alerts[0]).getByRole('button', { name: 'Retry' }),
    );
    await waitFor(async () =>
      expect(
        await screen.findByRole('radio', { name: /Sandbox/ }),
      ).toBeChecked(),
    );
  });
});

describe('GenaiServicePicker', () => {
  it('offers only what the provisioner runs, all of it to start with', async () => {
    const { api, onCreate, render } = await renderForm([MODELS_STEP]);
    api.provisioners = [
      { ...api.provisioners[0], services: ['model-invocation', 'app'] },
    ];
    await render();
    const services = await screen.findByRole('group', { name: /services/i });
    const boxes = within(services).getAllByRole('checkbox');
    expect(boxes).toHaveLength(2);
    await waitFor(() => boxes.forEach(box => expect(box).toBeChecked()));

    await userEvent.click(boxes[0]);
    await userEvent.click(boxes[1]);
    expect(services).toHaveTextContent('Choose at least one service.');
    await next();
    // Above the form, and once below the field.
    await screen.findByText(/^'.+' Choose at least one service\.$/);
    expect(screen.getAllByText('Choose at least one service.')).toHaveLength(1);

    await userEvent.click(
      within(services).getByRole('checkbox', { name: /Model invocation/ }),
    );
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith(
      expect.objectContaining({ services: ['model-invocation'] }),
    );
  });

  it('leaves out services that came from an old link', async () => {
    const { onCreate, render } = await renderForm([MODELS_STEP], {
      initialState: { services: ['app', 'vectorization'] },
    });
    await render();
    await screen.findByRole('group', { name: /services/i });
    await waitFor(() => expect(screen.getByRole('radio')).toBeChecked());
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith(
      expect.objectContaining({ services: ['app'] }),
    );
  });
});

describe('GenaiModelPicker', () => {
  it('starts with one model of each kind and asks for a text model', async () => {
    const { onCreate, render } = await renderForm([MODELS_STEP]);
    await render();
    const text = await screen.findByRole('checkbox', {
      name: /Local extractive.*Text model \(local\).*Answers with sentences/,
    });
    await waitFor(() => expect(text).toBeChecked());
    await userEvent.click(text);
    expect(
      screen.getByText('Choose at least one text model.'),
    ).toBeInTheDocument();
    await next();
    // Above the form, and once below the field.
    await screen.findByText(/^'.+' Choose at least one text model\.$/);
    expect(screen.getAllByText('Choose at least one text model.')).toHaveLength(
      1,
    );

    await userEvent.click(text);
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith(
      expect.objectContaining({
        models: ['local.embedding', 'local.extractive'],
      }),
    );
  });

  it('shows an error and tries again', async () => {
    const { api, render } = await renderForm([MODELS_STEP]);
    const list = jest
      .spyOn(api, 'listModels')
      .mockRejectedValue(await fakeResponseError(503, 'Bedrock is away.'));
    await render();
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Bedrock is away.',
    );
    list.mockRestore();
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(
      await screen.findByRole('checkbox', { name: /Local extractive/ }),
    ).toBeInTheDocument();
  });
});

describe('GenaiLifetimePicker', () => {
  it('offers what the platform allows and starts with its default', async () => {
    const { api, render } = await renderForm([MODELS_STEP]);
    api.limits = { ...api.limits, maxLifetime: 'P10D' };
    await render();
    await userEvent.click(
      await screen.findByRole('button', { name: /7 days/ }),
    );
    expect(
      screen.getAllByRole('option').map(option => option.textContent),
    ).toEqual(['8 hours', '1 day', '7 days', '10 days']);
  });
});
