import type { Locator, Page } from 'playwright-core';

/** Signs in by the button of the sign-in page and waits for the home page. */
export async function signInAs(page: Page, url: string, name: string) {
  await page.goto(url);
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await page
    .getByRole('heading', { name: 'A running GenAI environment' })
    .waitFor();
}

/** Fills the form of *Create Environment* and starts the task. */
export async function createThroughForm(page: Page, name: string) {
  await fillForm(page, name);
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
}

/** Goes from the home page through the form up to what will be created. */
export async function fillForm(
  page: Page,
  name: string,
  options: {
    /** Also puts the source of the services into the project's repository. */
    ownServices?: boolean;
    /** Called with the name of a step once it is filled in. */
    shoot?: (step: string) => Promise<void>;
  } = {},
) {
  await page
    .getByRole('main')
    .getByRole('link', { name: 'Create Environment' })
    .first()
    .click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByText(`${name} is free.`).waitFor();
  await next(page);

  await page.getByRole('group', { name: 'Models' }).waitFor();
  await next(page);

  await page.getByRole('radio', { name: /git repository/ }).check();
  if (options.ownServices) {
    await page.getByRole('checkbox', { name: /^Own the services/ }).check();
  }
  await options.shoot?.('source-code');
  await next(page);

  await page
    .getByRole('region', { name: 'What will be created' })
    .getByText(name)
    .first()
    .waitFor();
}

function next(page: Page) {
  return page.getByRole('button', { name: 'Next', exact: true }).click();
}

/** The live chip that says in which phase an environment is. */
export function phase(page: Page, name: string): Locator {
  return page.getByRole('status', { name: `Phase: ${name}` }).first();
}

export function entityUrl(url: string, name: string): string {
  return `${url}/catalog/default/resource/${name}`;
}

export function credentialsUrl(url: string, name: string): string {
  return `${entityUrl(url, name)}/environment/credentials`;
}

/** Value beside a copy button, such as the endpoint. */
export async function copyable(page: Page, what: string): Promise<string> {
  const button = page.getByRole('button', { name: `Copy ${what}` }).first();
  await button.waitFor();
  return (await button.locator('xpath=..').innerText()).trim();
}

/** Collects what the browser's console reports as an error, and uncaught errors. */
export function watchForErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', message => {
    if (message.type() === 'error') {
      errors.push(`${message.text()} (${message.location().url})`);
    }
  });
  return errors;
}
