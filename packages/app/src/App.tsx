import { createApp } from '@backstage/frontend-defaults';
import apiDocsPlugin from '@backstage/plugin-api-docs/alpha';
import appModuleUserSettings from '@backstage/plugin-app-module-user-settings';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import genaiEnvironmentsPlugin from '@genai-environments/backstage-plugin-genai-environments/alpha';
import { homePlugin } from './home/plugin';
import { navigationModule } from './navigation/module';
import { signInModule } from './signIn/module';
import { themeModule } from './theme/module';

export const app = createApp({
  features: [
    homePlugin,
    genaiEnvironmentsPlugin,
    catalogPlugin,
    catalogGraphPlugin,
    apiDocsPlugin,
    orgPlugin,
    scaffolderPlugin,
    signalsPlugin,
    userSettingsPlugin,
    appModuleUserSettings,
    navigationModule,
    signInModule,
    themeModule,
  ],
});
