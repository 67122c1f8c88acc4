/**
 * Generated requests, most of them slightly wrong, through the program to real servers: none of
 * them may ever see a request that was not answered to the client that sent it, and all of them
 * must see the same. Everything here may be used by any thread unless it says otherwise.
 */
@NullMarked
package dev.weir.e2e.garden;

import org.jspecify.annotations.NullMarked;
