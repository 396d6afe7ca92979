// The page: its views by address.

import { compareView } from './compare.js';
import { datasetView } from './dataset.js';
import { datasetsView } from './datasets.js';
import { route } from './router.js';
import { runView } from './run.js';
import { runsView } from './runs.js';
import { startView } from './start.js';

route(document.getElementById('main'), [
  [/^(?:runs)?$/, runsView],
  [/^runs\/([^/]+)$/, runView],
  [/^datasets$/, datasetsView],
  [/^datasets\/([^/]+)$/, datasetView],
  [/^start(?:\/([^/]+))?$/, startView],
  [/^compare$/, compareView],
]);
