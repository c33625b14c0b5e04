import {
  createBaseThemeOptions,
  createUnifiedTheme,
  genPageTheme,
  palettes,
} from '@backstage/theme';

const navigation = {
  background: '#10201f',
  indicator: '#5eead4',
  color: '#c3d3d1',
  selectedColor: '#ffffff',
  navItem: { hoverBackground: '#1d3634' },
  submenu: { background: '#1d3634' },
};

function pageThemes(colors: string[]) {
  const theme = genPageTheme({ colors, shape: 'none' });
  const pages = [
    'home',
    'tool',
    'service',
    'website',
    'library',
    'app',
    'apis',
  ];
  return Object.fromEntries(
    [...pages, 'other', 'documentation'].map(page => [page, theme]),
  );
}

/** Phones. */
const NARROW = '@media (max-width: 599.95px)';

const components = {
  // Labels as they are written, *Create Environment*, not in capitals.
  MuiButton: { styleOverrides: { root: { textTransform: 'none' as const } } },
  // The scaffolder's steps lie side by side and are cut off: one below the other there.
  MuiStepper: {
    styleOverrides: {
      alternativeLabel: {
        [NARROW]: { flexDirection: 'column' as const, alignItems: 'stretch' },
      },
    },
  },
  MuiStepConnector: {
    styleOverrides: { alternativeLabel: { [NARROW]: { display: 'none' } } },
  },
  MuiStepButton: {
    styleOverrides: {
      root: { [NARROW]: { justifyContent: 'flex-start' } },
    },
  },
  MuiStepLabel: {
    styleOverrides: {
      root: {
        [NARROW]: {
          '&.MuiStepLabel-alternativeLabel': {
            flexDirection: 'row' as const,
            justifyContent: 'flex-start',
            gap: 12,
          },
        },
      },
      labelContainer: { [NARROW]: { width: 'auto' } },
      label: {
        [NARROW]: {
          '&.MuiStepLabel-alternativeLabel': {
            marginTop: 0,
            textAlign: 'left' as const,
          },
        },
      },
    },
  },
};

export const lightTheme = createUnifiedTheme({
  components,
  ...createBaseThemeOptions({
    palette: {
      ...palettes.light,
      primary: { main: '#0f766e' },
      secondary: { main: '#0f766e' },
      link: '#0b6b64',
      linkHover: '#0f8f85',
      navigation,
      tabbar: { indicator: '#0f766e' },
    },
  }),
  defaultPageTheme: 'home',
  pageTheme: pageThemes(['#0f766e', '#115e59']),
});

export const darkTheme = createUnifiedTheme({
  components,
  ...createBaseThemeOptions({
    palette: {
      ...palettes.dark,
      background: { default: '#151b1b', paper: '#1f2827' },
      border: '#3a4746',
      primary: { main: '#5eead4', dark: '#2dd4bf' },
      secondary: { main: '#5eead4' },
      link: '#5eead4',
      linkHover: '#99f6e4',
      navigation,
      tabbar: { indicator: '#5eead4' },
    },
  }),
  defaultPageTheme: 'home',
  pageTheme: pageThemes(['#115e59', '#134e4a']),
});
