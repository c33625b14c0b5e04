/**
 * The main job in a real browser: from the first page to a running environment, its
 * first call, its app, and back to nothing.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from './support/browser';
import { buildAll } from './support/build';
import { findCommand } from './support/debian';
import {
  accessToken,
  DELETED_TIMEOUT_MS,
  READY_TIMEOUT_MS,
  runtimesOf,
  untilNoProcesses,
} from './support/environment';
import { filesBelow, filesContaining, isListening } from './support/leftovers';
import {
  copyable,
  createThroughForm,
  credentialsUrl,
  entityUrl,
  phase,
  signInAs,
  watchForErrors,
} from './support/pages';
import { RESULTS } from './support/paths';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { ADA, GUEST } from './support/users';
import { waitFor } from './support/waitFor';

const NAME = 'journey-bot';
const COMPILE = "import sys; compile(sys.argv[1], 'snippet', 'exec')";

const run = promisify(execFile);

describe('the main job', () => {
  let portal: Portal;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;
  let errors: string[];
  let secret: string;

  before(async () => {
    await buildAll();
    portal = await Portal.create({ name: 'journey' });
    browser = await launchBrowser();
    page = await browser.context.newPage();
    errors = watchForErrors(page);
  });

  after(async () => {
    await browser?.close();
    await portal?.dispose();
  });

  it('signs in as Ada and is told what to do, without an error in the console', async () => {
    await signInAs(page, portal.url, 'Ada');
    await page.getByText('You have none yet.').waitFor();

    await page.reload();
    await page.getByText('You have none yet.').waitFor();
    assert.deepEqual(errors, []);
  });

  it('creates an environment through the form and sees it become Ready', async () => {
    await createThroughForm(page, NAME);
    await page
      .getByRole('link', { name: 'Open the environment' })
      .click({ timeout: READY_TIMEOUT_MS });

    await phase(page, 'Ready').waitFor({ timeout: READY_TIMEOUT_MS });
    await page.screenshot({ path: `${RESULTS}/journey-ready.png` });
  });

  it('reveals the secret once', async () => {
    await page.goto(credentialsUrl(portal.url, NAME));
    await page
      .getByRole('button', { name: /^Reveal secret of/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Reveal secret' }).click();
    const field = page.getByLabel(/^Client secret of/);
    await field.waitFor();
    secret = await field.inputValue();
    assert.ok(secret.length >= 32, `${secret.length} characters`);
    await page.getByRole('button', { name: 'I have stored it' }).click();

    await page.reload();
    const button = page.getByRole('button', { name: /^Reveal secret of/ });
    await button.first().waitFor();
    assert.equal(await button.first().isDisabled(), true);
    assert.ok(!(await page.content()).includes(secret));
    assert.deepEqual(filesContaining(portal.directory, secret), []);
    assert.deepEqual(filesContaining(RESULTS, secret), []);
  });

  it('answers the official OpenAI client with what the page shows', async () => {
    await page.goto(credentialsUrl(portal.url, NAME));
    const endpoint = await copyable(page, 'endpoint');
    const tokenUrl = await copyable(page, 'token URL');
    const ada = await Session.signIn(portal, ADA);
    const environment = await ada.environments.getEnvironment(NAME);
    const { items } = await ada.environments.listApplications(NAME);
    const { clientId } = items.find(({ kind }) => kind === 'external')!;
    await page.getByText(clientId).first().waitFor();
    assert.equal(tokenUrl, environment.status.outputs.tokenUrl);

    const apiKey = await accessToken(environment, {
      clientId,
      clientSecret: secret,
    });
    const openai = new OpenAI({ baseURL: `${endpoint}/v1`, apiKey });
    const models = await openai.models.list();
    assert.ok(models.data.length > 0);

    const text =
      'The Danube rises in Donaueschingen. It flows through ten countries. It ends in the Black Sea.';
    const completion = await openai.chat.completions.create({
      model: environment.spec.models[0],
      messages: [
        { role: 'user', content: `${text}\n\nWhere does the Danube rise?` },
      ],
    });
    assert.match(completion.choices[0].message.content ?? '', /Donaueschingen/);
    assert.ok(completion.usage!.total_tokens > 0);

    const stream = await openai.chat.completions.create({
      model: environment.spec.models[0],
      stream: true,
      messages: [{ role: 'user', content: `${text}\n\nWhere does it end?` }],
    });
    let streamed = '';
    for await (const chunk of stream) {
      streamed += chunk.choices[0]?.delta?.content ?? '';
    }
    assert.match(streamed, /Black Sea/);
  });

  it('shows snippets that run as they are', async () => {
    await page.goto(credentialsUrl(portal.url, NAME));
    const shown = async (tab: string) => {
      await page.getByRole('tab', { name: tab }).click();
      return page.locator('#genai-snippet-panel pre code').innerText();
    };
    const curl = await shown('curl');
    assert.ok(!curl.includes(secret));
    findCommand('curl');
    const { stdout } = await run('bash', ['-c', curl], {
      env: { ...process.env, GENAI_CLIENT_SECRET: secret },
    });
    assert.match(stdout, /due in 30 days/);

    // The OpenAI SDK for Python is not among what the tests install.
    const python = await shown('Python');
    await run(findCommand('python3'), ['-c', COMPILE, python]);
  });

  it('chats and summarizes on the app page', async () => {
    await page.goto(entityUrl(portal.url, NAME));
    const href = await page
      .getByRole('link', { name: 'Open the app' })
      .first()
      .getAttribute('href');
    const app = await browser.context.newPage();
    const appErrors = watchForErrors(app);
    await app.goto(href!);
    await app.getByRole('button', { name: /example text/ }).click();
    const question = app.getByRole('textbox', { name: 'Your question' });
    if ((await question.inputValue()) === '') {
      await question.fill('What does it say?');
    }
    await app.getByRole('button', { name: 'Send' }).click();
    await app
      .getByRole('button', { name: 'New conversation', disabled: false })
      .waitFor();
    await app.screenshot({ path: `${RESULTS}/journey-app-chat.png` });

    await app.getByRole('tab', { name: 'Summary' }).click();
    await app
      .getByRole('textbox', { name: 'Text to summarize' })
      .fill(
        'The Danube rises in the Black Forest. It flows through ten countries, more than any other river. Vienna, Budapest and Belgrade lie on its banks. It ends in the Black Sea after 2850 kilometres.',
      );
    await app.getByRole('button', { name: 'Summarize' }).click();
    await app.getByRole('button', { name: 'Copy', disabled: false }).waitFor();
    assert.match(await app.locator('#summary').innerText(), /Danube|river/);
    await app.screenshot({ path: `${RESULTS}/journey-app-summary.png` });
    assert.deepEqual(appErrors, []);
    await app.close();
  });

  it('shows it to a guest without secrets and without teardown', async () => {
    const { context, close } = await launchBrowser();
    try {
      const other = await context.newPage();
      await signInAs(other, portal.url, 'Guest');
      await other.goto(entityUrl(portal.url, NAME));
      await phase(other, 'Ready').waitFor();
      await openMenu(other);
      const tearDown = other.getByRole('menuitem', { name: /^Tear down/ });
      await tearDown.waitFor();
      assert.equal(await tearDown.getAttribute('aria-disabled'), 'true');

      await other.goto(credentialsUrl(portal.url, NAME));
      await other.getByText(/^Only members of/).waitFor();
      assert.equal(
        await other.getByRole('button', { name: /^Reveal/ }).count(),
        0,
      );
    } finally {
      await close();
    }

    const guest = await Session.signIn(portal, GUEST);
    const { items } = await guest.environments.listApplications(NAME);
    const application = items.find(({ kind }) => kind === 'external')!;
    await assert.rejects(
      guest.environments.revealSecret(NAME, application.id),
      { statusCode: 403 },
    );
    await assert.rejects(guest.environments.deleteEnvironment(NAME), {
      statusCode: 403,
    });
  });

  it('tears it down from the menu and leaves nothing behind', async () => {
    const [{ port, directory }] = runtimesOf(portal);
    await page.goto(entityUrl(portal.url, NAME));
    await phase(page, 'Ready').waitFor();
    await openMenu(page);
    await page.getByRole('menuitem', { name: /^Tear down/ }).click();
    const confirm = page.getByRole('button', { name: 'Tear down' });
    assert.equal(await confirm.isDisabled(), true);
    await page.getByLabel(`Type ${NAME} to confirm`).fill(NAME);
    await confirm.click();

    const ada = await Session.signIn(portal, ADA);
    await ada.untilPhase(NAME, ['Deleted'], { timeoutMs: DELETED_TIMEOUT_MS });
    await untilNoProcesses(portal);
    assert.equal(await isListening(port), false);
    assert.deepEqual(filesBelow(directory), []);
    assert.deepEqual(
      filesBelow(`${portal.directory}/environments`).filter(file =>
        file.includes(NAME),
      ),
      [],
    );
    for (const kind of ['resource', 'api', 'component']) {
      await waitFor({
        what: `no ${kind} of ${NAME} in the catalog`,
        timeoutMs: 15_000,
        ask: async () => {
          const entities = await ada.json<unknown[]>(
            `/api/catalog/entities?filter=kind=${kind},metadata.annotations.genai-environments.io/environment=${NAME}`,
          );
          return entities.length === 0;
        },
      });
    }
    await page.goto(portal.url);
    await page.getByText('You have none yet.').waitFor();
  });

  it('signs out to the choice of people, which stays after a reload', async () => {
    await page.goto(`${portal.url}/settings`);
    await page.getByTestId('user-settings-menu').click();
    await page.getByTestId('sign-out').click();
    await page.getByRole('button', { name: 'Sign in as Ada' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in as Grace' }).waitFor();
  });
});

async function openMenu(page: Page) {
  await page.getByRole('button', { name: 'more' }).first().click();
}
