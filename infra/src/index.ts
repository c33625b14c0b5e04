export * from './manifest/loadBlueprints';
export * from './manifest/manifest';
export * from './manifest/names';
