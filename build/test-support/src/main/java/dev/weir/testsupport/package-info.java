/**
 * What holds for the tests of every module without their asking: a leaked buffer fails the suite,
 * and they are patient; and certificates for those that ask.
 *
 * <p>Thread rule: reports may come from any thread; JUnit reads them on its own.
 */
@NullMarked
package dev.weir.testsupport;

import org.jspecify.annotations.NullMarked;
