/**
 * The types that jobs know from the start ({@link dev.quorate.mapreduce.codec.Codecs}), and how a class's type parameters are found ({@link
 * dev.quorate.mapreduce.codec.TypeArguments}).
 *
 * <p>Texts are their UTF-8 bytes. Whole numbers take 1 to 9 bytes, small ones 1: the first byte says the sign and the number of bytes that follow, so that the
 * order of the bytes is that of the numbers. Doubles are eight bytes, with the sign turned so that the same holds ({@code -0.0} before {@code 0.0}, NaN last).
 */
package dev.quorate.mapreduce.codec;
