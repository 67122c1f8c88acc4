package dev.weir.controller.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;

/**
 * Requests to the API server whose answers are one object, as a tree: what is read comes back whole
 * when it is written, also fields that nobody here knows.
 *
 * <p>Every call ends within about twice its bound, whatever the server does, and an answer that
 * wasn't read by then is cut with its connection.
 *
 * <p>May be used from any thread; calls wait.
 */
public final class ApiCalls implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final ObjectMapper mapper = new ObjectMapper();
  private final Watchdog watchdog = new Watchdog();
  private final ApiClient client;
  private final Duration bound;

  /**
   * @param access not closed by this
   * @param bound for the head of an answer, and once more for its body
   */
  public ApiCalls(ApiServerAccess access, Duration bound) {
    this.client = new ApiClient(access, mapper, bound);
    this.bound = bound;
  }

  /**
   * Reads an object or list.
   *
   * @param path with query
   * @throws ApiFailure if the server refuses, or doesn't answer
   */
  public ObjectNode get(String path) throws ApiFailure, InterruptedException {
    return read(client.get(path));
  }

  /** Creates an object in a collection (POST); answers it as it is stored. */
  public ObjectNode create(String collection, JsonNode object)
      throws ApiFailure, InterruptedException {
    return read(client.send("POST", collection, JSON, object.toString()));
  }

  /**
   * Replaces an object, or its subresource (PUT), if its version is that of {@code object}; answers
   * it as it is stored. A code of 409 says that it has changed.
   */
  public ObjectNode replace(String path, JsonNode object) throws ApiFailure, InterruptedException {
    return read(client.send("PUT", path, JSON, object.toString()));
  }

  /** Changes the fields of an object that {@code patch} names; answers it as it is stored. */
  public ObjectNode merge(String path, JsonNode patch) throws ApiFailure, InterruptedException {
    return read(client.send("PATCH", path, MERGE_PATCH, patch.toString()));
  }

  /** An object to fill. */
  public ObjectNode newObject() {
    return mapper.createObjectNode();
  }

  private ObjectNode read(ApiBody body) throws ApiFailure, InterruptedException {
    try (body;
        var _ = watchdog.guard(body, bound)) {
      if (mapper.readTree(body) instanceof ObjectNode object) {
        return object;
      }
      throw ApiFailure.malformed("the answer is no object");
    } catch (ApiFailure e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw ApiFailure.malformed("the answer is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("closed");
      }
      throw ApiFailure.noAnswer(ApiFailure.reason(e));
    }
  }

  @Override
  public void close() {
    watchdog.close();
  }
}
