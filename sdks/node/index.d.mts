// Types for `import`.
export * from './index.js';
export { Risala as default } from './index.js';
