/**
 * Jobs to run and to learn from: counting words ({@link dev.quorate.mapreduce.example.Words}, {@link dev.quorate.mapreduce.example.Sum}) and an inverted
 * index ({@link dev.quorate.mapreduce.example.WordPlaces}, {@link dev.quorate.mapreduce.example.JoinTexts}). A distributed sort needs no code: {@code --partition range}.
 */
package dev.quorate.mapreduce.example;
