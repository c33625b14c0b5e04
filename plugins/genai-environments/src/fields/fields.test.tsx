import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../__testUtils__/fakeErrors';
import { isReviewed, next, renderForm } from '../__testUtils__/renderForm';

const NAME_STEP = {
  title: 'Project',
  schema: {
    required: ['name'],
    properties: {
      name: { type: 'string', 'ui:field': 'GenaiEnvironmentName' },
      owner: { type: 'string', 'ui:field': 'GenaiOwnerPicker' },
    },
  },
};
const PLAN_STEP = {
  title: 'Plan',
  schema: {
    properties: {
      review: { type: 'string', 'ui:field': 'GenaiPlanReview' },
    },
  },
};

describe('GenaiEnvironmentName', () => {
  it('says while typing what is wrong, and that a name is free', async () => {
    const { render } = await renderForm([NAME_STEP]);
    await render();
    const field = screen.getByRole('textbox', { name: /Name/ });
    await userEvent.type(field, 'Invoice');
    expect(
      await screen.findByText(/The name must start with a lower-case letter/),
    ).toBeInTheDocument();

    await userEvent.clear(field);
    await userEvent.type(field, 'invoice-bot');
    expect(
      await screen.findByText(
        'The name invoice-bot is taken. Choose another one.',
      ),
    ).toBeInTheDocument();

    await userEvent.type(field, '-2');
    expect(
      await screen.findByText('invoice-bot-2 is free.'),
    ).toBeInTheDocument();
    await next();
    await isReviewed();
  });

  it.each([
    ['invoice-bot', /is taken/],
    ['a', /at least 3 characters/],
  ])('does not let %s pass', async (name, reason) => {
    const { onCreate, render } = await renderForm([NAME_STEP], {
      initialState: { name },
    });
    await render();
    await next();
    expect((await screen.findAllByText(reason)).length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: 'Create' })).toBeNull();
    expect(onCreate).not.toHaveBeenCalled();
  });

  it('does not let a name pass that could not be checked', async () => {
    const { api, render } = await renderForm([NAME_STEP], {
      initialState: { name: 'new-bot' },
    });
    jest
      .spyOn(api, 'getEnvironment')
      .mockRejectedValue(await fakeResponseError(500, 'Log id 42.'));
    await render();
    await next();
    expect(
      (await screen.findAllByText(/could not be checked.*Log id 42/)).length,
    ).toBeGreaterThan(0);
  });
});

describe('GenaiOwnerPicker', () => {
  it('starts with the first owner and offers only allowed ones', async () => {
    const { onCreate, render } = await renderForm([NAME_STEP], {
      initialState: { name: 'new-bot' },
    });
    await render();
    const picker = await screen.findByRole('button', { name: /payments/ });
    await userEvent.click(picker);
    expect(
      screen.getAllByRole('option').map(option => option.textContent),
    ).toEqual(['payments (group)', 'ada (user)']);
    await userEvent.click(screen.getByRole('option', { name: 'ada (user)' }));
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith(
      expect.objectContaining({ name: 'new-bot', owner: 'user:default/ada' }),
    );
  });

  it('refuses an owner that came from an old link', async () => {
    const { render } = await renderForm([NAME_STEP], {
      initialState: { name: 'new-bot', owner: 'group:default/web' },
    });
    await render();
    await next();
    expect(
      (
        await screen.findAllByText(
          /You may not create environments for group:default\/web/,
        )
      ).length,
    ).toBeGreaterThan(0);
  });

  it('tells somebody without a group what to do', async () => {
    const { api, render } = await renderForm([NAME_STEP]);
    api.limits = { ...api.limits, owners: [] };
    await render();
    expect(
      await screen.findByText(/Ask the platform team to add you/),
    ).toBeInTheDocument();
  });
});

describe('GenaiPlanReview', () => {
  const initialState = {
    name: 'new-bot',
    owner: 'group:default/payments',
    models: ['local.extractive'],
    expiresAfter: 'P7D',
    description: '',
    publishTo: 'local',
  };

  it('plans what the form says, filled up with defaults', async () => {
    const { api, render } = await renderForm([PLAN_STEP], { initialState });
    const plan = jest.spyOn(api, 'plan');
    await render();
    const review = await screen.findByRole('region', {
      name: 'What will be created',
    });
    await within(review).findByText('Everything is in order', { exact: false });
    expect(review).toHaveTextContent('One process with all services');
    expect(review).toHaveTextContent('$0.00 a month');
    expect(review).toHaveTextContent('in 7 days');
    expect(plan).toHaveBeenCalledTimes(1);
    expect(plan).toHaveBeenCalledWith({
      name: 'new-bot',
      owner: 'group:default/payments',
      models: ['local.extractive'],
      expiresAfter: 'P7D',
      provisioner: 'local',
      tier: 'sandbox',
      region: 'local',
      services: ['model-invocation', 'prompt-management', 'app'],
    });
    await next();
    await isReviewed();
  });

  it('stops at problems and names their fields', async () => {
    const { api, render } = await renderForm([PLAN_STEP], { initialState });
    api.planned = {
      ...api.planned,
      problems: [
        {
          path: 'owner',
          code: 'quota-exceeded',
          message: 'payments has 5 of 5 environments. Tear one down first.',
        },
      ],
    };
    await render();
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'owner: payments has 5 of 5 environments. Tear one down first.',
    );
    await next();
    await waitFor(() =>
      expect(screen.getAllByText(/payments has 5 of 5/).length).toBeGreaterThan(
        1,
      ),
    );
    expect(screen.queryByRole('button', { name: 'Create' })).toBeNull();
  });

  it('does not let through what could not be planned, and tries again', async () => {
    const { api, render } = await renderForm([PLAN_STEP], { initialState });
    const plan = jest
      .spyOn(api, 'plan')
      .mockRejectedValue(await fakeResponseError(503, 'Try in a minute.'));
    await render();
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Try in a minute.',
    );
    await next();
    expect(screen.queryByRole('button', { name: 'Create' })).toBeNull();

    plan.mockRestore();
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await screen.findByText(/Everything is in order/);
    await next();
    await isReviewed();
  });
});

describe('GenaiPublishTargetPicker', () => {
  const SOURCE_STEP = {
    title: 'Source code',
    schema: {
      required: ['publishTo'],
      properties: {
        publishTo: { type: 'string', 'ui:field': 'GenaiPublishTargetPicker' },
      },
    },
  };

  it('does not offer GitHub to a portal without credentials for it', async () => {
    const { onCreate, render } = await renderForm([SOURCE_STEP]);
    await render();

    const local = await screen.findByRole('radio', {
      name: /Beside this portal/,
    });
    await waitFor(() => expect(local).toBeChecked());
    expect(screen.queryByRole('radio', { name: /GitHub/ })).toBeNull();
    await next();
    await userEvent.click(await isReviewed());
    expect(onCreate).toHaveBeenCalledWith({ publishTo: 'local' });
  });

  it('refuses what an old link asks for', async () => {
    const { render } = await renderForm([SOURCE_STEP], {
      initialState: { publishTo: 'github' },
    });
    await render();

    expect(
      await screen.findByText(/no credentials to publish to github/),
    ).toBeInTheDocument();
  });

  it('offers GitHub when the portal can write there', async () => {
    const { api, render } = await renderForm([SOURCE_STEP]);
    api.limits = { ...api.limits, publishTargets: ['local', 'github'] };
    await render();

    await userEvent.click(await screen.findByRole('radio', { name: /GitHub/ }));

    expect(screen.getByRole('radio', { name: /GitHub/ })).toBeChecked();
  });
});
