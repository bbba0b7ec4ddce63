'use strict';
// Whether console output is a reporter's own at this moment, and so no log of the test.

module.exports = {
  /** Depth of runner events that are being announced; reporters print while it is above zero. */
  muted: 0,
};
